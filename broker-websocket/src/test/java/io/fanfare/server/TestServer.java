package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A server for the tests of one class. Behind each test it closes that test's clients, and looks whether the server has
 * forgotten them and has logged no failure of its own.
 */
final class TestServer implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private final UnaryOperator<FanfareServerBuilder> options;
    private final List<RawTcp> clients = new ArrayList<>();
    private Logs logs;

    /** JUnit calls {@link #beforeAll} again for each nested class; the server is started once. */
    private int classes;

    private FanfareServer server;

    TestServer() {
        this(builder -> builder);
    }

    TestServer(UnaryOperator<FanfareServerBuilder> options) {
        this.options = options;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (classes++ > 0) {
            return;
        }
        logs = new Logs();
        server = options.apply(FanfareServer.builder().port(0).tcpPort(0).loops(2))
                .start();
    }

    FanfareServer running() {
        return server;
    }

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

    /** Has the client closed when the test ends. */
    RawTcp kept(RawTcp client) {
        clients.add(client);
        return client;
    }

    /** Waits until the broker has so many sessions. */
    void awaitSessions(int count) {
        Await.until(count + " sessions", () -> server.broker().sessionCount() == count);
    }

    void closeClients() {
        clients.forEach(RawTcp::close);
        clients.clear();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        closeClients();
        awaitSessions(0);
        Await.until(
                "all sockets are forgotten",
                () -> server.admission().connections() == 0
                        && server.admission().pending() == 0);
        Await.until("topics go", () -> server.broker().topicCount() == 0);
        assertThat(logs.takeBad()).as("what was logged").isEmpty();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (--classes > 0) {
            return;
        }
        server.close();
        logs.close();
    }
}
