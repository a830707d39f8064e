package io.fanfare.cli.config;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.HeartBeat;
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
    private static final Type<Integer> BYTES = intBytes(1, 1 << 30);
    private static final Size MANY_BYTES = new Size(1, 1L << 50);
    private static final HeapShare MEMORY =
            new HeapShare(MANY_BYTES, Runtime.getRuntime().maxMemory());
    private static final Time TIMEOUT = new Time(Duration.ofMillis(1), Duration.ofDays(1));
    private static final Word<Duration> INTERVAL =
            new Time(Duration.ofMillis(100), Duration.ofDays(1)).or("off", Duration.ZERO);
    private static final Text NAME = new Text("a text of one line", "\\P{Cntrl}{1,255}");

    /** The longest of STOMP's commands, UNSUBSCRIBE. */
    private static final int LONGEST_COMMAND = 11;

    private static final List<Setting<?>> LISTEN = List.of(
            server(
                    "listen.host",
                    new Text("an address or a name", "[^\\s\\p{Cntrl}]{1,255}"),
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
                    new Texts(new Text("an origin such as https://app.example.com", "[^\\s\\p{Cntrl},]{1,255}"))
                            .as(OriginPolicy::new, OriginPolicy::allowed),
                    "Web pages that may connect: https://app.example.com, same-origin (from this host), '*' (all).",
                    ServerOptions::origins,
                    FanfareServer.Builder::origins),
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

    private static final List<Setting<?>> AUTH = List.of(server(
            "auth.allow_anonymous",
            new Flag(),
            "Whether everybody may come in without a login where others than this machine can connect.",
            ServerOptions::allowAnonymous,
            FanfareServer.Builder::allowAnonymous));

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
                    new Texts(new Text("TLSv1.3 or TLSv1.2", "TLSv1\\.[23]")),
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
                    (all, receive) -> new HeartBeat(all.send(), receive)));

    private static final List<Setting<?>> LIMITS = List.of(
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
                    "limits.max_outbox_bytes",
                    MANY_BYTES,
                    "What may wait for one connection; one that is slower is closed.",
                    BrokerOptions::maxOutboxBytes,
                    BrokerOptions.Builder::maxOutboxBytes),
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

    static final List<Setting<?>> ALL = List.of(LISTEN, TLS, AUTH, HEART_BEAT, LIMITS, QUEUES, MEMORY_MARKS).stream()
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** The sections that keys lie in, and what each is about. */
    static final Map<String, String> SECTIONS = Map.of(
            "listen", "Where clients connect.",
            "tls", "Encryption; the files are looked at again while the broker runs.",
            "auth", "Who may connect.",
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
