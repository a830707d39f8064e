package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.broker.Broker;
import io.fanfare.broker.ListenerRegistration;
import io.fanfare.broker.LocalSubscription;
import io.fanfare.broker.MessageHandler;
import io.fanfare.broker.Published;
import io.fanfare.broker.SubscriptionOptions;
import io.fanfare.event.BrokerListener;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.server.internal.net.Admission;
import io.fanfare.server.internal.net.IpLiteral;
import io.fanfare.status.SessionStatus;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded STOMP server: a broker with its listeners, over WebSocket and over TCP.
 *
 * <pre>{@code
 * try (var server = FanfareServer.builder().port(0).start()) {
 *     System.out.println(server.webSocketUri());
 * }
 * }</pre>
 *
 * <p>Several servers may run in one JVM; they share nothing. Any thread may call any method.
 */
public final class FanfareServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FanfareServer.class);

    /** How often {@link #close} closes sessions that have come meanwhile. */
    private static final Duration CLOSE_INTERVAL = Duration.ofMillis(100);

    private final ServerOptions options;
    private final Broker broker;
    final Admission admission;
    private final Listeners listeners;
    private final Handlers handlers = new Handlers();
    private boolean closed;

    FanfareServer(ServerOptions options, @Nullable HttpExtension extension, List<BrokerListener> told)
            throws IOException {
        Optional<String> refusal = options.refusal().or(() -> options.admin().refusal(options.tls()));
        if (refusal.isPresent()) {
            throw new IOException(refusal.get());
        }
        if (options.listen().httpPublish() && extension == null) {
            throw new IOException(
                    "nothing answers HTTP on the clients' port (http_publish); add an extension that does");
        }
        this.options = options;
        ServerTransport transport = new ServerTransport(options);
        this.broker = broker(options);
        told.forEach(broker::addListener);
        this.admission = new Admission(limits(options.limits()), broker::refused);
        this.listeners = listeners(transport, extension);
        LOG.info(
                "started version={} websocket={} tcp={} admin={}",
                Broker.VERSION,
                webSocketUri(),
                tcpPort(),
                adminUri().map(URI::toString).orElse("off"));
    }

    private static Broker broker(ServerOptions options) throws IOException {
        try {
            return new Broker(options.broker());
        } catch (IllegalStateException e) {
            // the other nodes of the cluster refuse it
            throw new IOException(e.getMessage(), e);
        }
    }

    private Listeners listeners(ServerTransport transport, @Nullable HttpExtension extension) throws IOException {
        try {
            return Listeners.start(transport, broker, admission, extension);
        } catch (IOException | RuntimeException e) {
            broker.operations().leave();
            throw e;
        }
    }

    private static Admission.Limits limits(ServerLimits limits) {
        return new Admission.Limits(
                limits.maxConnections(), limits.maxConnectionsPerAddress(), limits.maxPendingHandshakes());
    }

    /** The options of a server, each with its default, from which it is started. */
    public static FanfareServerBuilder builder() {
        return new FanfareServerBuilder();
    }

    /** The URI of STOMP over WebSocket, such as {@code ws://127.0.0.1:15674/ws}; {@code wss} with TLS. */
    public URI webSocketUri() {
        String scheme = options.tls().isOn() ? "wss://" : "ws://";
        String host = IpLiteral.inUri(options.listen().host());
        return URI.create(
                scheme + host + ":" + webSocketPort() + options.listen().path());
    }

    /** The port of STOMP over WebSocket, also when a free one was asked for. */
    public int webSocketPort() {
        return listeners.webSocketPort();
    }

    /** The port of STOMP over TCP, also when a free one was asked for; -1 when it is off. */
    public int tcpPort() {
        return listeners.tcpPort();
    }

    /** The URI of the admin listener, with {@code /healthz} and {@code /readyz}, such as {@code http://127.0.0.1:15672}; empty: off. */
    public Optional<URI> adminUri() {
        return listeners.adminUri();
    }

    /** The options that the server was started with. */
    public ServerOptions options() {
        return options;
    }

    /** The server's broker: its counts, its sessions, and what operators see and do. */
    public Broker broker() {
        return broker;
    }

    /**
     * Publishes a text.
     *
     * @see #publish(String, Headers, byte[])
     */
    public Published publish(String destination, String body) {
        return publish(destination, Map.of(), body);
    }

    /**
     * Publishes a text with further headers, in the order of the map.
     *
     * <pre>{@code
     * Published published = server.publish("/queue/orders", Map.of("content-type", "text/plain"), "one");
     * System.out.println(published.queued());
     * }</pre>
     *
     * @see #publish(String, Headers, byte[])
     */
    public Published publish(String destination, Map<String, String> headers, String body) {
        Headers.Builder all = Headers.builder();
        headers.forEach(all::add);
        return publish(destination, all.build(), body.getBytes(UTF_8));
    }

    /**
     * Publishes a message with the checks and limits of a SEND, as a program that may send anywhere. Any thread may call. Where a
     * client would not be read from, as subscribers that keep pace have yet to take what was published before, it waits, at most
     * {@code write_timeout}; an event loop does not.
     *
     * @param destination such as {@code /topic/prices}; several may be joined with commas
     * @param headers of the SEND, such as {@code content-type}, {@code ttl}, {@code delay}, {@code retain} or {@code dedup-id}
     * @param body the octets of the body; not to be changed afterwards
     * @return the effect, as the RECEIPT of a SEND tells it
     * @throws ProtocolException when the message is refused, and has gone nowhere; its detail says why
     */
    public Published publish(String destination, Headers headers, byte[] body) {
        return broker.operations().publishAsProgram(destination, headers, body);
    }

    /**
     * Has a handler called with the messages of a destination, one after the other on a thread of the server's.
     *
     * <pre>{@code
     * BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
     * try (LocalSubscription subscription =
     *         server.subscribe("/topic/news.#", message -> bodies.add(message.bodyAsString()))) {
     *     server.publish("/topic/news.today", "hello");
     *     System.out.println(bodies.take());
     * }
     * }</pre>
     *
     * @see #subscribe(String, SubscriptionOptions, MessageHandler)
     */
    public LocalSubscription subscribe(String destination, MessageHandler handler) {
        return subscribe(destination, SubscriptionOptions.DEFAULT, handler);
    }

    /**
     * Has a handler called with the messages of a destination. When this returns, the subscription is in effect: what is
     * published afterwards reaches the handler.
     *
     * <pre>{@code
     * SubscriptionOptions options = SubscriptionOptions.builder().acknowledged().header("prefetch-count", "1").build();
     * LocalSubscription jobs = server.subscribe("/queue/jobs", options, message -> message.ack());
     * server.publish("/queue/jobs", "sweep");
     * jobs.close();
     * }</pre>
     *
     * @param destination as a client subscribes to it: with wildcards too, or {@code /user/...} where the options have a user
     * @param options headers of the SUBSCRIBE, the user, and the executor that calls the handler
     * @throws ProtocolException when the subscription is refused; its detail says why
     * @throws IllegalStateException when an event loop calls this, or the server is closed
     */
    public LocalSubscription subscribe(String destination, SubscriptionOptions options, MessageHandler handler) {
        return handlers.subscribe(broker, listeners.nextLoop(), destination, options, handler);
    }

    /**
     * As {@link Broker#subscriberCount}.
     *
     * <pre>{@code
     * try (LocalSubscription subscription = server.subscribe("/topic/*", message -> {})) {
     *     System.out.println(server.subscriberCount("/topic/a"));
     * }
     * }</pre>
     */
    public int subscriberCount(String destination) {
        return broker.subscriberCount(destination);
    }

    /**
     * As {@link Broker#addListener}.
     *
     * <pre>{@code
     * ListenerRegistration registration = server.addListener(new BrokerListener() {
     *     @Override
     *     public void connected(SessionStatus session) {
     *         System.out.println(session.user() + " from " + session.address());
     *     }
     * });
     * registration.close();
     * }</pre>
     */
    public ListenerRegistration addListener(BrokerListener listener) {
        return broker.addListener(listener);
    }

    /**
     * As {@link Broker#sessions}.
     *
     * <pre>{@code
     * server.sessions().forEach(session -> System.out.println(session.id() + " " + session.transport()));
     * }</pre>
     */
    public List<SessionStatus> sessions() {
        return broker.sessions();
    }

    /**
     * As {@link Broker#clear}: the same server, ports and options for the next test.
     *
     * <pre>{@code
     * server.publish("/queue/orders", "left over");
     * server.clear();
     * System.out.println(server.broker().queueCount());
     * }</pre>
     */
    public void clear() {
        broker.clear();
    }

    /**
     * Drains the server before a restart: it stops being ready, refuses new connections and messages, and closes its
     * clients with code 1012, spread evenly over the given time, behind the bytes that wait for them. Returns when the last
     * client is closed, at the latest {@link ServerTimeouts#closeTimeout} after that time. It cannot be undone; {@link
     * #close} is what follows.
     */
    public void drain(Duration over) {
        broker.drain(over);
        new DrainWatch(broker).await(over.plus(options.timeouts().closeTimeout()));
    }

    /**
     * Stops the server: drains it if it has a {@link ServerTimeouts#drainTimeout}, then closes every client (close code
     * 1001), and returns when the ports are free and all threads have ended. The socket of a client that does not answer
     * its Close within {@link ServerTimeouts#closeTimeout} is closed. Does nothing when the server is closed already.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!options.timeouts().drainTimeout().isZero()) {
            broker.drain(options.timeouts().drainTimeout());
            new DrainWatch(broker).await(options.timeouts().drainTimeout());
        }
        // an interrupt would leave threads and ports behind; the caller gets it back at the end
        boolean interrupted = Thread.interrupted();
        try {
            listeners.unbind();
            interrupted |= closeSessions();
            broker.operations().leave();
            listeners.stop();
            handlers.stop();
            LOG.info("stopped");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the thread was interrupted while it waited. */
    private boolean closeSessions() {
        long deadline = System.nanoTime() + options.timeouts().closeTimeout().toNanos();
        boolean interrupted = false;
        do {
            // repeated for sessions whose handshake was under way
            broker.closeSessions(CloseCode.GOING_AWAY, "shutting down");
            broker.awaitNoSessions(CLOSE_INTERVAL);
            interrupted |= Thread.interrupted();
        } while (broker.sessionCount() > 0 && System.nanoTime() < deadline);
        return interrupted;
    }
}
