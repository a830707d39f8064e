package io.fanfare.server;

import io.fanfare.broker.Broker;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A {@link TestServer} for each test of a class, for tests that say the same over either {@link Transport}. */
public final class WireServer implements BeforeEachCallback, AfterEachCallback {

    private final UnaryOperator<FanfareServerBuilder> options;
    private TestServer server;

    public WireServer() {
        this(builder -> builder);
    }

    public WireServer(UnaryOperator<FanfareServerBuilder> options) {
        this.options = options;
    }

    public Broker broker() {
        return server.running().broker();
    }

    /** A client before CONNECT. */
    public StompSocket open(Transport transport) {
        return transport == Transport.TCP
                ? StompSocket.over(server.tcp())
                : StompSocket.over(server.webSocket("Sec-WebSocket-Protocol: v12.stomp"));
    }

    /** A client that speaks STOMP 1.2. */
    public StompSocket connect(Transport transport) {
        return connect(transport, "1.2");
    }

    public StompSocket connect(Transport transport, String version) {
        return open(transport).connects(version);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        server = new TestServer(options);
        server.beforeAll(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            server.afterEach(context);
        } finally {
            server.afterAll(context);
        }
    }
}
