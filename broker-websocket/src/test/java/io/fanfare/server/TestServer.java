package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server for the tests of one class, or a new one for each of them. Behind each test it closes that test's clients, and
 * looks whether the server has forgotten them and has logged no failure of its own.
 */
public final class TestServer implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

    private final UnaryOperator<FanfareServerBuilder> options;
    private final boolean forEachTest;
    private final List<RawTcp> clients = new ArrayList<>();
    private Logs logs;

    /** JUnit calls {@link #beforeAll} again for each nested class; the server is started once. */
    private int classes;

    private FanfareServer server;

    TestServer() {
        this(builder -> builder);
    }

    TestServer(UnaryOperator<FanfareServerBuilder> options) {
        this(options, false);
    }

    private TestServer(UnaryOperator<FanfareServerBuilder> options, boolean forEachTest) {
        this.options = options;
        this.forEachTest = forEachTest;
    }

    /** A new server for each test of a class. */
    public static TestServer forEachTest() {
        return forEachTest(builder -> builder);
    }

    public static TestServer forEachTest(UnaryOperator<FanfareServerBuilder> options) {
        return new TestServer(options, true);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (classes++ == 0 && !forEachTest) {
            start();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (forEachTest) {
            start();
        }
    }

    private void start() {
        logs = new Logs();
        server = options.apply(FanfareServer.builder().port(0).tcpPort(0).loops(2))
                .start();
    }

    FanfareServer running() {
        return server;
    }

    public Broker broker() {
        return server.broker();
    }

    // ---- clients, which are closed when the test ends ---------------------------------------------------------------

    /** A socket to the WebSocket port, before any handshake. */
    RawTcp http() {
        return kept(RawTcp.connect(server.webSocketPort()));
    }

    /** A client of plain STOMP, before CONNECT. */
    RawTcp tcp() {
        return kept(RawTcp.connect(server.tcpPort()));
    }

    /** An open WebSocket, before CONNECT. */
    RawWebSocket webSocket(String... requestLines) {
        return RawWebSocket.open(http(), requestLines);
    }

    RawWebSocket connectedWebSocket() {
        return webSocket().connects();
    }

    RawTcp connectedTcp() {
        return tcp().connects();
    }

    /** A client before CONNECT. */
    public StompSocket open(Transport transport) {
        return transport == Transport.TCP
                ? StompSocket.over(tcp())
                : StompSocket.over(webSocket("Sec-WebSocket-Protocol: v12.stomp"));
    }

    /** A client that speaks STOMP 1.2. */
    public StompSocket connect(Transport transport) {
        return connect(transport, "1.2");
    }

    public StompSocket connect(Transport transport, String version) {
        return open(transport).connects(version);
    }

    /** Has the client closed when the test ends. */
    RawTcp kept(RawTcp client) {
        clients.add(client);
        return client;
    }

    void closeClients() {
        clients.forEach(RawTcp::close);
        clients.clear();
    }

    // ---- what is left of them ---------------------------------------------------------------------------------------

    /** Waits until the broker has so many sessions. */
    void awaitSessions(int count) {
        Await.until(count + " sessions", () -> broker().sessionCount() == count);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            forgetsItsClients();
        } finally {
            if (forEachTest) {
                stop();
            }
        }
    }

    private void forgetsItsClients() {
        closeClients();
        awaitSessions(0);
        Await.until(
                "all sockets are forgotten",
                () -> server.admission.connections() == 0 && server.admission.pending() == 0);
        Await.until("topics go that keep nothing", () -> broker().topicCount() == broker().keptTopicCount());
        assertThat(logs.takeBad()).as("what was logged").isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes == 0 && !forEachTest) {
            stop();
        }
    }

    private void stop() {
        server.close();
        logs.close();
    }
}
