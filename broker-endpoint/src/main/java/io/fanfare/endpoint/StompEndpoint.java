package io.fanfare.endpoint;

import io.fanfare.broker.Broker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.SubProtocols;
import io.fanfare.loop.ThreadLoop;
import io.fanfare.security.Authenticator;
import jakarta.websocket.CloseReason;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker's STOMP over the WebSocket container of an application server, for web applications that embed the broker. The
 * container has the port, TLS, and the HTTP request; the endpoint has an event loop or several of its own, for the sessions.
 *
 * <pre>{@code
 * Broker broker = new Broker();
 * StompEndpoint stomp = StompEndpoint.of(broker);
 * serverContainer.addEndpoint(stomp.at("/ws"));   // jakarta.websocket.server.ServerContainer
 * broker.publish("/topic/greetings", Headers.of(), "hello".getBytes(UTF_8));
 * stomp.close();                                  // when the application stops
 * }</pre>
 *
 * <p>Containers send one message after the other, so this is slower than the server of {@code broker-websocket}. All methods
 * may be called by any thread.
 */
public final class StompEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StompEndpoint.class);

    /** How long {@link #close} waits for clients, and then again for threads that are in calls of the container. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(6);

    private static final String SHUTTING_DOWN = "shutting down";

    private final Broker broker;
    private final HandshakeConfigurator configurator;
    private final EndpointThreads threads;
    private final int maxJoinedBytes;
    private final Set<ContainerConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    StompEndpoint(Broker broker, StompEndpointBuilder options) {
        this.broker = broker;
        this.configurator = new HandshakeConfigurator(
                this, options.rules(broker.options().auth().authenticator() != Authenticator.ANONYMOUS));
        this.threads = new EndpointThreads(options.loops());
        this.maxJoinedBytes = options.maxJoinedBytes();
    }

    /** An endpoint with all options at their defaults. Its loops run until {@link #close}. */
    public static StompEndpoint of(Broker broker) {
        return builder(broker).build();
    }

    /** The options of an endpoint, each with its default, from which it is built. */
    public static StompEndpointBuilder builder(Broker broker) {
        return new StompEndpointBuilder(broker);
    }

    /**
     * The endpoint at a path, for {@code ServerContainer.addEndpoint}; there may be several.
     *
     * @param path such as {@code /ws}, behind the application's context path
     */
    public ServerEndpointConfig at(String path) {
        return ServerEndpointConfig.Builder.create(ContainerEndpoint.class, path)
                .subprotocols(SubProtocols.SUPPORTED)
                .configurator(configurator)
                .build();
    }

    /** The broker that the endpoint's clients are connected to, for publishing from this JVM. */
    public Broker broker() {
        return broker;
    }

    /** The clients of this moment. */
    public int connectionCount() {
        return connections.size();
    }

    /** The container has opened a session; empty: its client is refused. Called by a thread of the container. */
    Optional<ContainerConnection> open(jakarta.websocket.Session session, Client client) {
        if (client.refused().isPresent()) {
            Client.Refused why = client.refused().get();
            broker.refused(why.counted(), client.address(), why.detail() + ": " + why.text());
            refuse(session, why.code(), why.text());
            return Optional.empty();
        }
        ThreadLoop loop = threads.nextLoop();
        Duration sendTimeout = broker.options().outbox().writeTimeout();
        ContainerConnection connection = new ContainerConnection(
                loop,
                new ContainerSession(session, sendTimeout, threads.blocking()),
                client,
                maxJoinedBytes,
                this::gone);
        synchronized (connections) {
            if (!closed) {
                connections.add(connection);
                loop.execute(() -> connection.begin(broker.open(loop, connection)));
                return Optional.of(connection);
            }
        }
        refuse(session, CloseCode.GOING_AWAY, SHUTTING_DOWN);
        return Optional.empty();
    }

    private static void refuse(jakarta.websocket.Session session, CloseCode code, String text) {
        try {
            session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code.code()), text));
        } catch (IOException | RuntimeException e) {
            LOG.debug("no orderly close of session {}: {}", session.getId(), e.toString());
        }
    }

    private void gone(ContainerConnection connection) {
        synchronized (connections) {
            connections.remove(connection);
            connections.notifyAll();
        }
    }

    /**
     * Closes every client (close code 1001), waits some seconds for those that take it and cuts the others, and ends the
     * endpoint's threads. A client that comes later gets the same Close. The broker goes on. Does nothing when the endpoint is
     * closed already; an interrupt ends the waiting and stays set.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        synchronized (connections) {
            closed = true;
        }
        boolean interrupted = Thread.interrupted();
        connections.forEach(each -> each.loop().execute(() -> each.dismiss(CloseCode.GOING_AWAY, SHUTTING_DOWN)));
        interrupted |= !awaitNoConnections();
        connections.forEach(each -> each.loop().execute(each::abort));
        interrupted |= !awaitNoConnections();
        try {
            threads.close(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the thread was not interrupted while it waited. */
    private boolean awaitNoConnections() {
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        synchronized (connections) {
            try {
                long left = CLOSE_TIMEOUT.toMillis();
                while (!connections.isEmpty() && left > 0) {
                    connections.wait(left);
                    left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                }
            } catch (InterruptedException e) {
                return false;
            }
        }
        return true;
    }
}
