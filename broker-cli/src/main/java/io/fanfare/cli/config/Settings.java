package io.fanfare.cli.config;

import io.fanfare.broker.Authorizer;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.HeartBeat;
import io.fanfare.security.Rules;
import io.fanfare.server.AddressRange;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.OriginPolicy;
import io.fanfare.server.ServerOptions;
import io.fanfare.server.TlsOptions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Every key there is, in the order of the file that {@code fanfare config default} prints. The last word of a key is the
 * name that error texts of the broker use.
 */
final class Settings {

    private static final Count PORT = new Count(0, 65535);
    private static final Count NUMBER = new Count(1, Integer.MAX_VALUE);
    private static final Word<Integer> COUNT_OR_OFF = NUMBER.or("off", 0);
    private static final Type<Integer> BYTES = intBytes(1, 1 << 30);
    private static final Size MANY_BYTES = new Size(1, 1L << 50);
    private static final Word<Long> BYTES_OR_OFF = MANY_BYTES.or("off", 0L);
    private static final HeapShare MEMORY =
            new HeapShare(MANY_BYTES, Runtime.getRuntime().maxMemory());
    private static final Time TIMEOUT = new Time(Duration.ofMillis(1), Duration.ofDays(1));
    private static final Word<Duration> INTERVAL =
            new Time(Duration.ofMillis(100), Duration.ofDays(1)).or("off", Duration.ZERO);
    private static final Text NAME = new Text("a text of one line", ".{1,255}");

    private static final Text HOST = new Text("an address or a name", "[^\\s\\p{Cntrl}]{1,255}");

    /** The longest of STOMP's commands, UNSUBSCRIBE. */
    private static final int LONGEST_COMMAND = 11;

    private static final List<Setting<?>> LISTEN = List.of(
            server(
                    "listen.host",
                    HOST,
                    "Address or name to bind to.",
                    ServerOptions::host,
                    FanfareServer.Builder::host),
            server(
                    "listen.port",
                    PORT,
                    "Port of STOMP over WebSocket; 0 takes a free one.",
                    ServerOptions::port,
                    FanfareServer.Builder::port),
            server(
                    "listen.path",
                    new Text("a path that begins with /", "/[^\\s\\p{Cntrl}?#]{0,255}"),
                    "Path of the WebSocket endpoint; /stomp works beside it.",
                    ServerOptions::path,
                    FanfareServer.Builder::path),
            server(
                    "listen.stomp_port",
                    PORT.or("off", ServerOptions.OFF),
                    "Port of plain STOMP over TCP; 0 takes a free one, off switches it off.",
                    ServerOptions::tcpPort,
                    FanfareServer.Builder::tcpPort),
            server(
                    "listen.origins",
                    new ListOf<>(new Text("an origin such as https://app.example.com", "[^\\s\\p{Cntrl},]{1,255}"))
                            .as(OriginPolicy::new, OriginPolicy::allowed),
                    "Web pages that may connect: https://app.example.com, same-origin (from this host), '*' (all).",
                    ServerOptions::origins,
                    FanfareServer.Builder::origins),
            server(
                    "listen.trusted_proxies",
                    new ListOf<>(new Text("an address, or a range such as 10.0.0.0/8", "[0-9a-fA-F:./]{1,64}")),
                    "Proxies whose X-Forwarded-For, or PROXY header, tells a client's address: [10.0.0.0/8, '::1'].",
                    options -> options.trustedProxies().stream()
                            .map(AddressRange::toString)
                            .toList(),
                    (server, texts) -> server.trustedProxies(
                            texts.stream().map(AddressRange::parse).toList())),
            server(
                    "listen.proxy_protocol",
                    new Flag(),
                    "Whether connections of trusted proxies begin with a header of the PROXY protocol.",
                    ServerOptions::proxyProtocol,
                    FanfareServer.Builder::proxyProtocol),
            server(
                    "listen.event_loops",
                    new Count(1, 1024).or("auto", Runtime.getRuntime().availableProcessors()),
                    "Threads that serve connections; auto is one for each processor.",
                    ServerOptions::loops,
                    FanfareServer.Builder::loops),
            broker(
                    "listen.server_name",
                    NAME.or("off", "").or("auto", BrokerOptions.DEFAULT.serverName()),
                    "The server header of CONNECTED; auto is fanfare and its version, off leaves it out.",
                    BrokerOptions::serverName,
                    BrokerOptions.Builder::serverName));

    private static final List<Setting<?>> ADMIN = List.of(
            server(
                    "admin.host",
                    HOST,
                    "Address or name to bind to.",
                    ServerOptions::adminHost,
                    FanfareServer.Builder::adminHost),
            server(
                    "admin.port",
                    PORT.or("off", ServerOptions.OFF),
                    "Port of /healthz and /readyz, HTTP; 0 takes a free one, off switches it off.",
                    ServerOptions::adminPort,
                    FanfareServer.Builder::adminPort),
            server(
                    "admin.allow_remote",
                    new Flag(),
                    "Whether host may be another address than loopback; there is no login.",
                    ServerOptions::allowRemoteAdmin,
                    FanfareServer.Builder::allowRemoteAdmin));

    private static final List<Setting<?>> AUTH = List.of(
            server(
                    "auth.allow_anonymous",
                    new Flag(),
                    "Whether everybody may come in without a login where others than this machine can connect.",
                    ServerOptions::allowAnonymous,
                    FanfareServer.Builder::allowAnonymous),
            broker(
                    "auth.expiry_warning",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "How long before its token expires a client with soft errors is told.",
                    BrokerOptions::expiryWarning,
                    BrokerOptions.Builder::expiryWarning),
            auth(
                    "auth.users_file",
                    new FilePath(true),
                    "Users, a line each: NAME:HASH:ROLE,ROLE; 'fanfare user hash NAME' makes one. Read again when it changes.",
                    auth -> auth.usersFile,
                    (auth, file) -> auth.usersFile = file),
            auth(
                    "auth.certificate",
                    new Text("common_name, dns, email or uri", "common_name|dns|email|uri").or("off", ""),
                    "Where a TLS certificate names its user: common_name, dns, email or uri; off: such logins are none.",
                    auth -> auth.certificate,
                    (auth, name) -> auth.certificate = name),
            auth(
                    "auth.jwt.secret_file",
                    new FilePath(true),
                    "The secret for HS256 (32 bytes or more), HS384 (48), HS512 (64).",
                    auth -> auth.secretFile,
                    (auth, file) -> auth.secretFile = file),
            auth(
                    "auth.jwt.public_key",
                    new FilePath(false),
                    "PEM, PUBLIC KEY or CERTIFICATE, one or several: for RS, PS and ES with 256, 384 and 512.",
                    auth -> auth.publicKey,
                    (auth, file) -> auth.publicKey = file),
            auth(
                    "auth.jwt.jwks_file",
                    new FilePath(false),
                    "Public keys as a JWK set.",
                    auth -> auth.jwksFile,
                    (auth, file) -> auth.jwksFile = file),
            auth(
                    "auth.jwt.jwks_url",
                    new Text(
                                    "a URL that begins with https:// (http:// only on this machine)",
                                    "https://[\\p{Alnum}\\[][\\p{Graph}&&[^\"<>\\\\^`{|}]]{0,1000}"
                                            + "|http://(localhost|127\\.0\\.0\\.1|\\[::1])[:/][\\p{Graph}&&[^\"<>\\\\^`{|}]]{0,1000}")
                            .or("off", ""),
                    "The same from a server; what it gave last counts while it does not answer.",
                    auth -> auth.jwksUrl,
                    (auth, url) -> auth.jwksUrl = url),
            auth(
                    "auth.jwt.issuer",
                    NAME.or("off", ""),
                    "What a token's iss must be; off: anything.",
                    auth -> auth.issuer,
                    (auth, issuer) -> auth.issuer = issuer),
            auth(
                    "auth.jwt.audience",
                    NAME.or("off", ""),
                    "What a token's aud must be or contain; off: anything.",
                    auth -> auth.audience,
                    (auth, audience) -> auth.audience = audience),
            auth(
                    "auth.jwt.clock_skew",
                    new Time(Duration.ZERO, Duration.ofHours(1)),
                    "How far the issuer's clock may differ.",
                    auth -> auth.clockSkew,
                    (auth, skew) -> auth.clockSkew = skew),
            auth(
                    "auth.jwt.name_claim",
                    NAME,
                    "The claim that is the user's name.",
                    auth -> auth.nameClaim,
                    (auth, claim) -> auth.nameClaim = claim),
            auth(
                    "auth.jwt.roles_claim",
                    NAME,
                    "The claim that lists the user's roles; dots lead into objects, as in realm_access.roles.",
                    auth -> auth.rolesClaim,
                    (auth, claim) -> auth.rolesClaim = claim),
            auth(
                    "auth.jwt.cookie",
                    new Text("a cookie's name", "[!#$%&'*+.^_`|~\\p{Alnum}-]{1,255}").or("off", ""),
                    "The cookie of the handshake that may hold a token; off: none.",
                    auth -> auth.cookie,
                    (auth, name) -> auth.cookie = name));

    private static final Setting<?> PERMISSIONS = broker(
            "permissions",
            new RuleList(),
            "Rules such as {allow: subscribe, to: [/topic/prices], roles: [trader]}; none: all may do all.",
            options -> options.authorizer() instanceof Rules rules ? rules.rules() : List.of(),
            (broker, rules) -> broker.authorizer(rules.isEmpty() ? Authorizer.ALL : new Rules(rules)));

    private static final List<Setting<?>> TLS = List.of(
            tls(
                    "tls.certificates",
                    new FilePath(false),
                    "The server's certificate and the ones that lead to an authority, PEM; off: no TLS.",
                    options -> Optional.ofNullable(options.certificates()),
                    (options, file) -> options.withCertificates(file.orElse(null))),
            tls(
                    "tls.key",
                    new FilePath(true),
                    "The certificate's private key, PEM, without a passphrase.",
                    options -> Optional.ofNullable(options.key()),
                    (options, file) -> options.withKey(file.orElse(null))),
            tls(
                    "tls.client_authorities",
                    new FilePath(false),
                    "Certificates that clients' certificates must lead to, or be, PEM.",
                    options -> Optional.ofNullable(options.clientAuthorities()),
                    (options, file) -> options.withClientAuthorities(file.orElse(null))),
            tls(
                    "tls.client_auth",
                    new Text("none, want or need", "none|want|need")
                            .as(
                                    word -> TlsOptions.ClientAuth.valueOf(word.toUpperCase(Locale.ROOT)),
                                    auth -> auth.name().toLowerCase(Locale.ROOT)),
                    "Whether clients may (want) or must (need) show a certificate.",
                    TlsOptions::clientAuth,
                    TlsOptions::withClientAuth),
            tls(
                    "tls.protocols",
                    new ListOf<>(new Text("TLSv1.3 or TLSv1.2", "TLSv1\\.[23]")),
                    "Versions of TLS.",
                    TlsOptions::protocols,
                    TlsOptions::withProtocols),
            server(
                    "tls.stomp",
                    new Flag(),
                    "Whether plain STOMP speaks TLS, too, when there is a certificate.",
                    ServerOptions::tcpTls,
                    FanfareServer.Builder::tcpTls));

    private static final List<Setting<?>> HEART_BEAT = List.of(
            heartBeat(
                    "heart_beat.send",
                    "How often the broker can send one; off: never.",
                    HeartBeat::send,
                    (all, send) -> new HeartBeat(send, all.receive())),
            heartBeat(
                    "heart_beat.receive",
                    "How often it wants one; a client silent for twice as long and a second is closed. off: never.",
                    HeartBeat::receive,
                    (all, receive) -> new HeartBeat(all.send(), receive)),
            broker(
                    "heart_beat.ping_interval",
                    INTERVAL,
                    "After how much silence a WebSocket is asked by Ping, whatever it has promised. off: never.",
                    BrokerOptions::pingInterval,
                    BrokerOptions.Builder::pingInterval));

    private static final List<Setting<?>> LIMITS = List.of(
            server(
                    "limits.max_connections",
                    NUMBER,
                    "Connections of all listeners together.",
                    ServerOptions::maxConnections,
                    FanfareServer.Builder::maxConnections),
            server(
                    "limits.max_connections_per_address",
                    COUNT_OR_OFF,
                    "Connections of one client's address.",
                    ServerOptions::maxConnectionsPerAddress,
                    FanfareServer.Builder::maxConnectionsPerAddress),
            broker(
                    "limits.max_connections_per_user",
                    COUNT_OR_OFF,
                    "Connections of one user.",
                    BrokerOptions::maxConnectionsPerUser,
                    BrokerOptions.Builder::maxConnectionsPerUser),
            server(
                    "limits.max_pending_handshakes",
                    NUMBER,
                    "Sockets whose client is not in yet; beyond it the greediest address loses its oldest.",
                    ServerOptions::maxPendingHandshakes,
                    FanfareServer.Builder::maxPendingHandshakes),
            server(
                    "limits.handshake_timeout",
                    TIMEOUT,
                    "From the open socket to the end of the WebSocket handshake.",
                    ServerOptions::handshakeTimeout,
                    FanfareServer.Builder::handshakeTimeout),
            server(
                    "limits.max_request_header_bytes",
                    BYTES,
                    "The headers of an HTTP request.",
                    ServerOptions::maxRequestHeaderBytes,
                    FanfareServer.Builder::maxRequestHeaderBytes),
            broker(
                    "limits.login_timeout",
                    TIMEOUT,
                    "From the open connection to CONNECTED.",
                    BrokerOptions::loginTimeout,
                    BrokerOptions.Builder::loginTimeout),
            broker(
                    "limits.frame_timeout",
                    TIMEOUT,
                    "How long a client may be silent in the middle of a frame.",
                    BrokerOptions::frameTimeout,
                    BrokerOptions.Builder::frameTimeout),
            broker(
                    "limits.write_timeout",
                    TIMEOUT,
                    "How long a client for whom something waits may take nothing.",
                    BrokerOptions::writeTimeout,
                    BrokerOptions.Builder::writeTimeout),
            server(
                    "limits.close_timeout",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "How long the end of the broker waits for clients to answer its goodbye.",
                    ServerOptions::closeTimeout,
                    FanfareServer.Builder::closeTimeout),
            server(
                    "limits.drain_timeout",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "Over how long the end of the broker spreads its goodbyes, after it has refused what is new.",
                    ServerOptions::drainTimeout,
                    FanfareServer.Builder::drainTimeout),
            frames(
                    "limits.max_frame_bytes",
                    BYTES,
                    "A frame, from its command to its NUL.",
                    FrameLimits::maxFrameBytes,
                    FrameLimits::withMaxFrameBytes),
            broker(
                    "limits.max_frame_bytes_before_connected",
                    BYTES,
                    "The same until CONNECTED.",
                    BrokerOptions::maxFrameBytesBeforeConnected,
                    BrokerOptions.Builder::maxFrameBytesBeforeConnected),
            frames(
                    "limits.max_command_bytes",
                    intBytes(LONGEST_COMMAND, 1 << 10),
                    "A frame's first line.",
                    FrameLimits::maxCommandBytes,
                    FrameLimits::withMaxCommandBytes),
            frames(
                    "limits.max_header_line_bytes",
                    BYTES,
                    "One header of a frame, name and value.",
                    FrameLimits::maxHeaderLineBytes,
                    FrameLimits::withMaxHeaderLineBytes),
            frames(
                    "limits.max_headers",
                    NUMBER,
                    "Headers of a frame.",
                    FrameLimits::maxHeaders,
                    FrameLimits::withMaxHeaders),
            broker(
                    "limits.max_subscriptions",
                    NUMBER,
                    "Subscriptions of a connection at a time.",
                    BrokerOptions::maxSubscriptions,
                    BrokerOptions.Builder::maxSubscriptions),
            broker(
                    "limits.max_transactions",
                    NUMBER,
                    "Open transactions of a connection.",
                    BrokerOptions::maxTransactions,
                    BrokerOptions.Builder::maxTransactions),
            broker(
                    "limits.max_transaction_frames",
                    NUMBER,
                    "Frames of a transaction.",
                    BrokerOptions::maxTransactionFrames,
                    BrokerOptions.Builder::maxTransactionFrames),
            broker(
                    "limits.max_destination_bytes",
                    BYTES,
                    "A destination, with its prefix, in UTF-8.",
                    BrokerOptions::maxDestinationBytes,
                    BrokerOptions.Builder::maxDestinationBytes),
            broker(
                    "limits.max_destination_words",
                    NUMBER,
                    "Words of a destination's name.",
                    BrokerOptions::maxDestinationWords,
                    BrokerOptions.Builder::maxDestinationWords),
            broker(
                    "limits.max_destinations",
                    NUMBER,
                    "Topics and queues of the broker at a time.",
                    BrokerOptions::maxDestinations,
                    BrokerOptions.Builder::maxDestinations),
            broker(
                    "limits.max_outbox_bytes",
                    MANY_BYTES,
                    "What may wait for one connection; one that is slower is closed.",
                    BrokerOptions::maxOutboxBytes,
                    BrokerOptions.Builder::maxOutboxBytes),
            broker(
                    "limits.max_message_rate",
                    COUNT_OR_OFF,
                    "SEND frames of a connection in a second; who sends faster is made to wait.",
                    BrokerOptions::maxMessageRate,
                    BrokerOptions.Builder::maxMessageRate),
            broker(
                    "limits.max_byte_rate",
                    BYTES_OR_OFF,
                    "Bytes of a connection in a second.",
                    BrokerOptions::maxByteRate,
                    BrokerOptions.Builder::maxByteRate),
            broker(
                    "limits.max_user_message_rate",
                    COUNT_OR_OFF,
                    "SEND frames of all connections of a user in a second.",
                    BrokerOptions::maxUserMessageRate,
                    BrokerOptions.Builder::maxUserMessageRate),
            broker(
                    "limits.max_user_byte_rate",
                    BYTES_OR_OFF,
                    "Bytes of all connections of a user in a second.",
                    BrokerOptions::maxUserByteRate,
                    BrokerOptions.Builder::maxUserByteRate),
            broker(
                    "limits.max_subscribe_rate",
                    COUNT_OR_OFF,
                    "SUBSCRIBE and UNSUBSCRIBE frames of a connection in a second.",
                    BrokerOptions::maxSubscribeRate,
                    BrokerOptions.Builder::maxSubscribeRate),
            broker(
                    "limits.max_control_rate",
                    COUNT_OR_OFF,
                    "Heart-beats, pings, pongs, empty messages and tiny fragments of a connection in a second.",
                    BrokerOptions::maxControlRate,
                    BrokerOptions.Builder::maxControlRate),
            broker(
                    "limits.rate_burst",
                    TIMEOUT,
                    "How much of each of these may come at once: as much as in this time.",
                    BrokerOptions::rateBurst,
                    BrokerOptions.Builder::rateBurst),
            broker(
                    "limits.max_rate_delay",
                    TIMEOUT,
                    "How long a client may be made to wait in a minute before it is closed.",
                    BrokerOptions::maxRateDelay,
                    BrokerOptions.Builder::maxRateDelay),
            broker(
                    "limits.durable_expiry",
                    new Time(Duration.ofMillis(1), Duration.ofDays(365)),
                    "How long a durable subscription waits for its client to come back.",
                    BrokerOptions::durableExpiry,
                    BrokerOptions.Builder::durableExpiry));

    private static final List<Setting<?>> QUEUES = List.of(
            broker(
                    "queues.prefetch",
                    NUMBER,
                    "Messages a subscription gets ahead of its ACKs, unless it asks for another number.",
                    BrokerOptions::prefetch,
                    BrokerOptions.Builder::prefetch),
            broker(
                    "queues.max_queue_messages",
                    NUMBER,
                    "Messages that one queue keeps; beyond it SEND is refused.",
                    BrokerOptions::maxQueueMessages,
                    BrokerOptions.Builder::maxQueueMessages),
            broker(
                    "queues.max_queue_bytes",
                    MANY_BYTES,
                    "The same in bytes, bodies and headers.",
                    BrokerOptions::maxQueueBytes,
                    BrokerOptions.Builder::maxQueueBytes),
            broker(
                    "queues.max_deliveries",
                    NUMBER,
                    "Deliveries of a message that nobody settles, before it becomes a dead letter.",
                    BrokerOptions::maxDeliveries,
                    BrokerOptions.Builder::maxDeliveries),
            broker(
                    "queues.max_delayed",
                    new Count(0, Integer.MAX_VALUE),
                    "Messages of all destinations that wait for their delay to pass.",
                    BrokerOptions::maxDelayed,
                    BrokerOptions.Builder::maxDelayed));

    private static final List<Setting<?>> MEMORY_MARKS = List.of(
            broker(
                    "memory.max_memory_bytes",
                    MEMORY,
                    "What queues, transactions and messages under way may take together; beyond it SEND is refused.",
                    BrokerOptions::maxMemoryBytes,
                    BrokerOptions.Builder::maxMemoryBytes),
            broker(
                    "memory.high_memory_bytes",
                    MEMORY,
                    "What may be under way to subscribers; beyond it publishers are not read from.",
                    BrokerOptions::highMemoryBytes,
                    BrokerOptions.Builder::highMemoryBytes));

    static final List<Setting<?>> ALL =
            List.of(LISTEN, TLS, ADMIN, AUTH, List.of(PERMISSIONS), HEART_BEAT, LIMITS, QUEUES, MEMORY_MARKS).stream()
                    .<Setting<?>>flatMap(List::stream)
                    .toList();

    /** The sections that keys lie in, and what each is about. */
    static final Map<String, String> SECTIONS = Map.of(
            "listen", "Where clients connect.",
            "tls", "Encryption; the files are looked at again while the broker runs.",
            "admin", "Where the operator's health checks are.",
            "auth", "Who may connect.",
            "auth.jwt",
                    "Tokens (JWT), switched on by one of the first four keys; CONNECT's passcode is one, for example.",
            "heart_beat", "What the broker offers in STOMP's heart-beating; of two sides the slower one counts.",
            "limits", "What one client may do; beyond it an ERROR names the limit, and most end the connection.",
            "queues", "Queues, which keep messages until somebody takes them.",
            "memory", "All of the broker together: bytes, or a part of the JVM's heap.");

    private Settings() {}

    private static Type<Integer> intBytes(int min, int max) {
        return new Size(min, max).as(Math::toIntExact, Integer::longValue);
    }

    private static <T> Setting<T> server(
            String key,
            Type<T> type,
            String comment,
            Function<ServerOptions, T> get,
            BiConsumer<FanfareServer.Builder, T> set) {
        return new Setting<>(
                key,
                type,
                comment,
                draft -> get.apply(draft.options()),
                (draft, value) -> set.accept(draft.server(), value));
    }

    private static <T> Setting<T> auth(
            String key, Type<T> type, String comment, Function<Auth, T> get, BiConsumer<Auth, T> set) {
        return new Setting<>(
                key,
                type,
                comment,
                draft -> get.apply(draft.auth()),
                (draft, value) -> set.accept(draft.auth(), value));
    }

    private static <T> Setting<T> tls(
            String key,
            Type<T> type,
            String comment,
            Function<TlsOptions, T> get,
            BiFunction<TlsOptions, T, TlsOptions> with) {
        return server(
                key,
                type,
                comment,
                options -> get.apply(options.tls()),
                (server, value) -> server.tls(with.apply(server.options().tls(), value)));
    }

    private static <T> Setting<T> broker(
            String key,
            Type<T> type,
            String comment,
            Function<BrokerOptions, T> get,
            BiConsumer<BrokerOptions.Builder, T> set) {
        return new Setting<>(
                key,
                type,
                comment,
                draft -> get.apply(draft.broker().build()),
                (draft, value) -> set.accept(draft.broker(), value));
    }

    private static Setting<Integer> frames(
            String key,
            Type<Integer> type,
            String comment,
            Function<FrameLimits, Integer> get,
            BiFunction<FrameLimits, Integer, FrameLimits> with) {
        return broker(
                key,
                type,
                comment,
                options -> get.apply(options.frameLimits()),
                (broker, value) -> broker.frameLimits(with.apply(broker.build().frameLimits(), value)));
    }

    private static Setting<Duration> heartBeat(
            String key,
            String comment,
            Function<HeartBeat, Duration> get,
            BiFunction<HeartBeat, Duration, HeartBeat> with) {
        return broker(
                key,
                INTERVAL,
                comment,
                options -> get.apply(options.heartBeat()),
                (broker, value) -> broker.heartBeat(with.apply(broker.build().heartBeat(), value)));
    }
}
