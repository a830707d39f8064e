package io.fanfare.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Headers;
import io.fanfare.server.FanfareServer;
import io.fanfare.testkit.internal.Clients;
import io.fanfare.testkit.internal.DestinationMatch;
import io.fanfare.testkit.internal.Poll;
import io.fanfare.testkit.internal.Reset;
import io.fanfare.testkit.internal.StompSocket;
import io.fanfare.testkit.internal.TestTls;
import io.fanfare.testkit.internal.proxy.ProxiedConnection;
import io.fanfare.testkit.wire.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/**
 * A real broker for a test, on free ports of 127.0.0.1, with what a test asks of it:
 *
 * <pre>{@code
 * try (TestBroker broker = TestBroker.builder().user("alice", "secret").start()) {
 *     application.connect(broker.webSocketUri());
 *     broker.awaitSubscribers("/queue/orders", 1);
 *     broker.connect("alice").send("/queue/orders", "{\"id\":1}").awaitReceipt();
 *     broker.expect("/topic/confirmations").within(ofSeconds(5)).bodyContains("\"id\":1");
 * }
 * }</pre>
 *
 * <p>It records every message from its start on, so that an expectation sees those that came before it was asked. Several may
 * run in one JVM; they share nothing. Any thread may call but those of the broker.
 */
public final class TestBroker implements AutoCloseable {

    private static final Duration LEAVING = Duration.ofSeconds(2);
    private static final Duration OPENING = Duration.ofSeconds(5);

    private final BrokerSetup<?> setup;
    private final PublicationLog record = new PublicationLog();
    private final Queue<TestConnection> connections = new ConcurrentLinkedQueue<>();
    private final TestClock clock = new TestClock();
    private final Gateway gateway;
    private final Faults faults;
    private volatile FanfareServer server;
    private boolean closed;

    TestBroker(BrokerSetup<?> setup) {
        this.setup = setup;
        this.server = setup.startServer(clock, record);
        this.gateway = new Gateway(server, setup.gatewayTls());
        this.faults = new Faults(gateway.rules(), gateway::connections, gateway::faultsCleared, this::restart);
    }

    private synchronized void restart() {
        gateway.detach();
        stopServer();
        server = setup.startServer(clock, record);
        gateway.attach(server);
    }

    private void stopServer() {
        clock.reset();
        server.close();
        clock.forgetLoops();
    }

    /** Collects how a broker is set up. */
    public static final class Builder extends BrokerSetup<Builder> {

        private Builder() {}

        @Override
        protected Builder self() {
            return this;
        }

        /** Starts the broker; returns when its ports accept connections. */
        public TestBroker start() {
            return startBroker();
        }
    }

    /** The set-up of a broker: without users, everything is allowed. */
    public static Builder builder() {
        return new Builder();
    }

    /** Starts a broker with the defaults of {@link #builder}. */
    public static TestBroker start() {
        return builder().start();
    }

    // ---- where it is ------------------------------------------------------------------------------------------------

    /** The URI of STOMP over WebSocket, such as {@code ws://127.0.0.1:39123/ws}; of the proxy that {@link #faults} are in. */
    public URI webSocketUri() {
        return gateway.webSocketUri(server);
    }

    /** Trusts the certificate of {@link BrokerSetup#tls}, for clients of the application. */
    public SSLContext sslContext() {
        return TestTls.ofThisJvm().client();
    }

    /** The port of STOMP over TCP, of the same proxy; -1: it is off. */
    public int tcpPort() {
        return gateway.tcpPort();
    }

    /**
     * The URI of the admin listener.
     *
     * @throws IllegalStateException when {@link BrokerSetup#admin} has not opened it
     */
    public URI adminUri() {
        return server.adminUri()
                .orElseThrow(() -> new IllegalStateException("no admin listener: the builder's admin() opens it"));
    }

    /** The server itself, another one after {@link Faults#restart}; its own ports lead past the proxy. */
    public FanfareServer server() {
        return server;
    }

    /**
     * The broker's clock: heart-beats, times to live, delays, tokens, ages of histories, redeliveries and grace times go by it.
     */
    public TestClock clock() {
        return clock;
    }

    /** What goes wrong between the broker and its clients. */
    public Faults faults() {
        return faults;
    }

    /**
     * The frames of all connections since the last {@link #clear}, the last 2,000 of them, as text: {@code >} goes to the
     * broker, {@code <} comes from it. Passcodes and tokens are hidden. What comes with the server's own TLS is not in it.
     */
    public String transcript() {
        return gateway.transcripts().text();
    }

    // ---- clients ----------------------------------------------------------------------------------------------------

    /** Connects an anonymous client over a WebSocket. */
    public TestConnection connect() {
        return connect(ConnectOptions.DEFAULT);
    }

    /** Connects a user of {@link BrokerSetup#user} over a WebSocket. */
    public TestConnection connect(String login) {
        return connect(ConnectOptions.as(login));
    }

    /**
     * Connects a client; the kit closes it when the broker is cleared.
     *
     * @throws AssertionError when the broker refuses it
     */
    public TestConnection connect(ConnectOptions options) {
        Map<String, String> users = setup.users();
        String passcode = options.passcode().isEmpty() ? users.getOrDefault(options.login(), "") : options.passcode();
        return open(options).connect(passcode);
    }

    /** Opens a connection without CONNECT: the test says it. */
    public TestConnection open(Transport transport) {
        return open(ConnectOptions.DEFAULT.over(transport));
    }

    private TestConnection open(ConnectOptions options) {
        Inbox inbox = new Inbox(options.transport() == Transport.TCP
                && server.options().listen().trailingLf());
        try {
            StompSocket socket = StompSocket.open(
                    options.transport(), gateway.address(server), "v12.stomp, v11.stomp, v10.stomp", OPENING, inbox);
            TestConnection connection = new TestConnection(socket, inbox, options, setup.timeout(), this::clients);
            connections.add(connection);
            return connection;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to the broker: " + e.getMessage(), e);
        }
    }

    /** Begins a golden transcript of several clients. */
    public StompTable stompTable() {
        return new StompTable(this::connect);
    }

    /** Publishes UTF-8 text from this JVM, as a client without a connection. */
    public void publish(String destination, String body) {
        server.broker().publish(destination, Headers.EMPTY, body.getBytes(UTF_8));
    }

    // ---- what happened ----------------------------------------------------------------------------------------------

    /**
     * Waits for messages at a destination; what follows says for which.
     *
     * @param destination such as {@code /topic/prices.acme}, or a pattern: {@code /topic/prices.*}
     */
    public Expectation expect(String destination) {
        return new Expectation(
                record,
                destination,
                message -> DestinationMatch.matches(destination, message.destination()),
                setup.timeout(),
                this::failure);
    }

    /** Makes sure that no message comes to a destination; what follows says for how long. */
    public NoneExpectation expectNone(String destination) {
        return new NoneExpectation(
                record,
                destination,
                message -> DestinationMatch.matches(destination, message.destination()),
                this::failure);
    }

    /** The messages that were published to a destination, or to those of a pattern, since the last {@link #clear}. */
    public List<PublishedMessage> messages(String destination) {
        return record.all(message -> DestinationMatch.matches(destination, message.destination()));
    }

    /** A queue: what waits in it, and for how many consumers. */
    public TestQueue queue(String destination) {
        return new TestQueue(server.broker().inspection(), destination);
    }

    /**
     * Waits until a destination has at least so many subscribers, by name or by pattern, durable subscriptions of absent clients
     * among them: what is published from then on reaches them.
     *
     * @throws AssertionError when that takes longer than expectations wait
     */
    public void awaitSubscribers(String destination, int count) {
        await(
                () -> server.broker().subscriberCount(destination) >= count,
                count + " subscribers of " + destination,
                destination);
    }

    /**
     * Waits until the broker has exactly so many connected clients, those of the test included.
     *
     * @throws AssertionError when that takes longer than expectations wait
     */
    public void awaitConnections(int count) {
        await(() -> clients().all().size() == count, count + " connections", "");
    }

    private void await(BooleanSupplier condition, String what, String destination) {
        if (!Poll.until(setup.timeout(), condition)) {
            throw failure("expected " + what + " within " + setup.timeout().toMillis() + " ms", destination);
        }
    }

    private Clients clients() {
        return new Clients(server.broker());
    }

    private AssertionError failure(String what, String destination) {
        return new FailureText(record, clients(), setup.queues(), this::queue).of(what, destination);
    }

    // ---- the end ----------------------------------------------------------------------------------------------------

    /**
     * Makes the broker as good as new: closes all connections (but those of the application with {@link
     * BrokerSetup#keepConnections}), empties destinations, forgets messages, and has the clock run again.
     *
     * @throws IllegalStateException when an event loop of the broker hangs
     */
    public void clear() {
        clock.reset();
        faults.clear();
        Set<String> own = closeConnections();
        if (setup.keepsConnections()) {
            Reset.keepingConnections(server.broker(), own);
        } else {
            gateway.connections().forEach(ProxiedConnection::reset);
            server.broker().clear();
        }
        record.clear();
        gateway.transcripts().clear();
    }

    /** Closes the connections that the kit has opened for tests; returns the ids of their sessions. */
    private Set<String> closeConnections() {
        Set<String> sessions = new HashSet<>();
        for (TestConnection each = connections.poll(); each != null; each = connections.poll()) {
            each.connected().find("session").ifPresent(sessions::add);
            each.abandon();
        }
        return sessions;
    }

    /**
     * Looks whether the application under test has left connections open, not counting those of {@link #connect}; it has two
     * seconds to close them. Not with {@link BrokerSetup#allowOpenConnections} or {@link BrokerSetup#keepConnections}.
     *
     * @throws AssertionError when there are some; it lists them
     */
    public void checkForLeaks() {
        // a connection that a fault holds does not see the end of its client
        faults.clear();
        closeConnections();
        if (!setup.allowsOpenConnections()
                && !Poll.until(LEAVING, () -> gateway.connections().isEmpty())) {
            throw new AssertionError("connections were left open: " + gateway.connections());
        }
    }

    /**
     * Closes the test's connections and stops the broker; returns when its ports are free and its threads have ended. A second
     * call does nothing.
     *
     * @throws IllegalStateException when a thread does not end
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeConnections();
        faults.clear();
        try {
            stopServer();
        } finally {
            gateway.close();
        }
    }
}
