package io.fanfare.server;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.server.internal.net.Admission;
import io.fanfare.session.Session;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * A broker with its listeners: STOMP over WebSocket, and over plain TCP.
 *
 * <pre>{@code
 * try (var server = FanfareServer.builder().port(0).start()) {
 *     connectTo(server.webSocketUri());
 * }
 * }</pre>
 *
 * <p>Several servers may run in one JVM; they share nothing. Any thread may call any method.
 */
public final class FanfareServer implements AutoCloseable {

    /** How often {@link #close} looks for clients that it has not said goodbye to yet. */
    private static final Duration GOODBYE_ROUND = Duration.ofMillis(100);

    private final ServerOptions options;
    private final Broker broker;
    private final Admission admission;
    private final Listeners listeners;
    private boolean closed;

    FanfareServer(ServerOptions options) throws IOException {
        Optional<String> refusal = options.refusal().or(options::adminRefusal);
        if (refusal.isPresent()) {
            throw new IOException(refusal.get());
        }
        this.options = options;
        this.broker = new Broker(options.broker());
        this.admission = new Admission(new Admission.Limits(
                options.maxConnections(), options.maxConnectionsPerAddress(), options.maxPendingHandshakes()));
        this.listeners = Listeners.start(options, broker, admission);
    }

    /** A server with all defaults that is still to be started. */
    public static FanfareServerBuilder builder() {
        return new FanfareServerBuilder();
    }

    /** Where STOMP clients connect to, such as {@code ws://127.0.0.1:15674/ws}; {@code wss} with TLS. */
    public URI webSocketUri() {
        String scheme = options.tls().isOn() ? "wss://" : "ws://";
        return URI.create(scheme + hostInUri() + ":" + webSocketPort() + options.path());
    }

    /** The host as clients name it: an address with colons stands in brackets. */
    private String hostInUri() {
        return options.host().contains(":") ? "[" + options.host() + "]" : options.host();
    }

    public int webSocketPort() {
        return listeners.webSocketPort();
    }

    /** The port of plain STOMP, or -1 when it is off. */
    public int tcpPort() {
        return listeners.tcpPort();
    }

    /** Where {@code /healthz} and {@code /readyz} are, such as {@code http://127.0.0.1:15672}; empty: off. */
    public Optional<URI> adminUri() {
        return listeners.adminUri();
    }

    public ServerOptions options() {
        return options;
    }

    Admission admission() {
        return admission;
    }

    /** The broker inside, for publishing from this JVM and for its counts. */
    public Broker broker() {
        return broker;
    }

    /**
     * Empties the server before a restart: it stops being ready, refuses new connections and messages, and closes its
     * clients with code 1012, spread evenly over this time, behind what was on its way to them. Returns when the last
     * one has gone, at the latest {@link ServerOptions#closeTimeout} after the time. There is no way back; what is left
     * to do is {@link #close}.
     */
    public void drain(Duration over) {
        broker.drain(over);
        new DrainWatch(broker).await(over.plus(options.closeTimeout()));
    }

    /**
     * Drains the server if it has a {@link ServerOptions#drainTimeout}; then says goodbye to every client that is there
     * (close code 1001), and returns when the ports are free and no thread is left. A client that does not answer within
     * {@link ServerOptions#closeTimeout} is cut. Does nothing when closed already.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!options.drainTimeout().isZero()) {
            broker.drain(options.drainTimeout());
            new DrainWatch(broker).await(options.drainTimeout());
        }
        // an interrupt would leave threads and ports behind; the caller gets it back at the end
        boolean interrupted = Thread.interrupted();
        try {
            listeners.unbind();
            interrupted |= sayGoodbye();
            listeners.stop();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Tells whether the thread was interrupted while it waited. */
    private boolean sayGoodbye() {
        long deadline = System.nanoTime() + options.closeTimeout().toNanos();
        boolean interrupted = false;
        do {
            // again for those whose handshake was under way
            for (Session session : broker.sessions()) {
                session.loop().execute(() -> session.close(CloseCode.GOING_AWAY, "shutting down"));
            }
            broker.awaitNoSessions(GOODBYE_ROUND);
            interrupted |= Thread.interrupted();
        } while (broker.sessionCount() > 0 && System.nanoTime() < deadline);
        return interrupted;
    }
}
