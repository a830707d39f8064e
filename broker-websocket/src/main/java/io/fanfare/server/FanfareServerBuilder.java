package io.fanfare.server;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.event.BrokerListener;
import io.fanfare.options.AuthOptions;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Authorizer;
import io.fanfare.security.OriginPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a {@link FanfareServer}; each has its default until it is set. A method that is given a bad value
 * throws an {@link IllegalArgumentException} that names the key, as the configuration file does.
 */
public final class FanfareServerBuilder {

    private final ListenOptions.Builder listen = ListenOptions.builder();
    private final ProxyOptions.Builder proxies = ProxyOptions.builder();
    private final ServerLimits.Builder limits = ServerLimits.builder();
    private final ServerTimeouts.Builder timeouts = ServerTimeouts.builder();
    private final AdminOptions.Builder admin = AdminOptions.builder();
    private TlsOptions tls = TlsOptions.OFF;
    private boolean allowAnonymous;
    private BrokerOptions brokerOptions = BrokerOptions.DEFAULT;
    private @Nullable Authenticator authenticator;
    private @Nullable Authorizer authorizer;
    private @Nullable HttpExtension extension;
    private final List<BrokerListener> listeners = new ArrayList<>(0);

    FanfareServerBuilder() {}

    /**
     * Address or name that the ports of clients bind to; 127.0.0.1, so that only this machine can connect. {@code
     * 0.0.0.0}: all interfaces, which needs authentication or {@link #allowAnonymous}.
     */
    public FanfareServerBuilder host(String name) {
        return listen(listen.host(name));
    }

    /** Port of STOMP over WebSocket; 15674. 0: any free one. */
    public FanfareServerBuilder port(int number) {
        return listen(listen.port(number));
    }

    /**
     * Request path of the WebSocket endpoint; {@code /ws}. {@code /stomp} works beside it, and each with a slash or {@code
     * /websocket} behind it; others get a 404.
     */
    public FanfareServerBuilder path(String requestPath) {
        return listen(listen.path(requestPath));
    }

    /** Port of STOMP over TCP; 0, the default: any free one. -1: off. */
    public FanfareServerBuilder tcpPort(int number) {
        return listen(listen.tcpPort(number));
    }

    /**
     * Whether a line feed follows the NUL of each frame over TCP, as clients written for RabbitMQ and ActiveMQ may expect;
     * true. Over WebSocket none ever does.
     */
    public FanfareServerBuilder trailingLf(boolean sent) {
        return listen(listen.trailingLf(sent));
    }

    /**
     * Octets of a message from which on it is compressed for WebSocket clients that offer permessage-deflate (RFC
     * 7692), as all browsers do; {@link ListenOptions#DEFAULT_COMPRESSION_MIN_BYTES} are a good number. -1, the
     * default: none is, and no client may send compressed messages.
     */
    public FanfareServerBuilder compressionMinBytes(int octets) {
        return listen(listen.compressionMinBytes(octets));
    }

    /** Event loops, each with a thread, that share the connections; one for each processor. */
    public FanfareServerBuilder loops(int count) {
        return listen(listen.loops(count));
    }

    /** Web pages that may connect; those of the same host. Others get a 403; programs that are not browsers may connect. */
    public FanfareServerBuilder origins(OriginPolicy policy) {
        return listen(listen.origins(policy));
    }

    /** Whether messages can be published by HTTP on the WebSocket port too; false. Needs {@link #http}. */
    public FanfareServerBuilder httpPublish(boolean allowed) {
        return listen(listen.httpPublish(allowed));
    }

    /**
     * Whether {@code GET /sse?destination=...} on the WebSocket port is answered with an event stream, for the
     * EventSource of browsers behind proxies that break WebSocket; true.
     */
    public FanfareServerBuilder sse(boolean allowed) {
        return listen(listen.sse(allowed));
    }

    private FanfareServerBuilder listen(ListenOptions.Builder changed) {
        changed.build();
        return this;
    }

    /** Certificates for {@code wss} and for STOMP over TLS; {@link TlsOptions#OFF}: the ports speak plain text. */
    public FanfareServerBuilder tls(TlsOptions options) {
        tls = options;
        return this;
    }

    /**
     * Whether clients are accepted without a login on addresses that are not loopback; false, when a server with {@link
     * Authenticator#ANONYMOUS} does not start on them.
     */
    public FanfareServerBuilder allowAnonymous(boolean allowed) {
        allowAnonymous = allowed;
        return this;
    }

    /** Sets options of proxies in front of the server, as in {@code .proxies(p -> p.trustedProxies(...))}. */
    public FanfareServerBuilder proxies(Consumer<ProxyOptions.Builder> set) {
        set.accept(proxies);
        proxies.build();
        return this;
    }

    /** Sets limits of all connections together, as in {@code .limits(l -> l.maxConnections(100))}. */
    public FanfareServerBuilder limits(Consumer<ServerLimits.Builder> set) {
        set.accept(limits);
        limits.build();
        return this;
    }

    /** Sets time limits of opening and shutting down, as in {@code .timeouts(t -> t.closeTimeout(...))}. */
    public FanfareServerBuilder timeouts(Consumer<ServerTimeouts.Builder> set) {
        set.accept(timeouts);
        timeouts.build();
        return this;
    }

    /** Sets options of the admin listener, as in {@code .admin(a -> a.port(0))}. */
    public FanfareServerBuilder admin(Consumer<AdminOptions.Builder> set) {
        set.accept(admin);
        admin.build();
        return this;
    }

    /** What answers on the admin listener, beside the health checks; nothing by default. */
    public FanfareServerBuilder http(HttpExtension answers) {
        extension = answers;
        return this;
    }

    /**
     * Decides which user a CONNECT belongs to, in place of the one in {@link #broker}; by default clients need no login. Called on
     * an event loop, and answers on any thread.
     *
     * <pre>{@code
     * FanfareServerBuilder builder = FanfareServer.builder()
     *         .port(0)
     *         .authenticator(credentials -> "secret".equals(credentials.passcode())
     *                 ? CompletableFuture.completedFuture(Principal.of(credentials.login()))
     *                 : CompletableFuture.failedFuture(new AuthenticationException("wrong passcode")));
     * builder.start().close();
     * }</pre>
     */
    public FanfareServerBuilder authenticator(Authenticator decides) {
        authenticator = decides;
        return this;
    }

    /**
     * Decides what a user may send and subscribe to, in place of the one in {@link #broker}; everything by default. Called on event
     * loops: it must not block.
     *
     * <pre>{@code
     * FanfareServerBuilder builder = FanfareServer.builder()
     *         .port(0)
     *         .authorizer((user, action, destination) -> destination.startsWith("/topic/"));
     * builder.start().close();
     * }</pre>
     */
    public FanfareServerBuilder authorizer(Authorizer decides) {
        authorizer = decides;
        return this;
    }

    /**
     * Has a listener told of what happens to connections and subscriptions, from the start on; may be called several times.
     *
     * <pre>{@code
     * FanfareServerBuilder builder = FanfareServer.builder().port(0).listener(new BrokerListener() {
     *     @Override
     *     public void refused(Refused refused) {
     *         System.out.println(refused.reason());
     *     }
     * });
     * builder.start().close();
     * }</pre>
     */
    public FanfareServerBuilder listener(BrokerListener told) {
        listeners.add(told);
        return this;
    }

    /** The broker's own options; {@link BrokerOptions#DEFAULT}. */
    public FanfareServerBuilder broker(BrokerOptions options) {
        brokerOptions = options;
        return this;
    }

    /** All options that are set so far. */
    public ServerOptions options() {
        return new ServerOptions(
                listen.build(),
                tls,
                proxies.build(),
                limits.build(),
                timeouts.build(),
                admin.build(),
                allowAnonymous,
                brokerOptions());
    }

    private BrokerOptions brokerOptions() {
        AuthOptions auth = brokerOptions.auth();
        return brokerOptions.withAuth(auth.with(
                Objects.requireNonNullElse(authenticator, auth.authenticator()),
                Objects.requireNonNullElse(authorizer, auth.authorizer())));
    }

    /**
     * Starts the server; returns when its ports accept connections.
     *
     * @throws UncheckedIOException when a port cannot be bound, a TLS file cannot be used, or the options refuse it ({@link
     *     ServerOptions#refusal}, {@link AdminOptions#refusal}); the message is a sentence that names the port or the file
     */
    public FanfareServer start() {
        try {
            return new FanfareServer(options(), extension, List.copyOf(listeners));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }
}
