package io.fanfare.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.StompSocket;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** A broker whose endpoint is in a container, and its clients. At the end nothing may be left of any of them. */
final class Scene implements AutoCloseable {

    /** Starts a container with an endpoint in it. */
    interface Start {
        Container start(ServerEndpointConfig endpoint) throws Exception;
    }

    static {
        // Tomcat, Grizzly and Tyrus log there
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Threads of other scenes' endpoints. */
    private final Set<Thread> others = threads();

    final Broker broker;
    final StompEndpoint endpoint;
    private final Container container;
    private final List<RawTcp> clients = new CopyOnWriteArrayList<>();
    private boolean stopped;

    Scene(Start start, BrokerOptions broker, UnaryOperator<StompEndpointBuilder> options) throws Exception {
        this.broker = new Broker(broker);
        this.endpoint =
                options.apply(StompEndpoint.builder(this.broker).loops(2)).build();
        this.container = start.start(endpoint.at("/ws"));
    }

    RawTcp http() {
        return kept(RawTcp.connect(container.port()));
    }

    /** A client whose kernel takes few bytes that it does not read, before its handshake. */
    RawTcp narrowHttp() {
        return kept(RawTcp.connectWithSmallReceiveBuffer(container.port()));
    }

    private RawTcp kept(RawTcp client) {
        clients.add(client);
        return client;
    }

    RawWebSocket webSocket(String... requestLines) {
        return RawWebSocket.open(http(), requestLines);
    }

    StompSocket open() {
        return StompSocket.over(webSocket("Sec-WebSocket-Protocol: v12.stomp"));
    }

    /** A client that speaks STOMP 1.2. */
    StompSocket connect() {
        return open().connects("1.2");
    }

    void awaitSessions(int count) {
        Await.until(count + " sessions", () -> broker.sessionCount() == count && endpoint.connectionCount() == count);
    }

    void closeClients() {
        clients.forEach(RawTcp::close);
        clients.clear();
        awaitSessions(0);
    }

    /** Stops the container, but not the endpoint. */
    void stopContainer() throws Exception {
        if (!stopped) {
            stopped = true;
            container.close();
        }
    }

    @Override
    public void close() throws Exception {
        clients.forEach(RawTcp::close);
        endpoint.close();
        awaitSessions(0);
        stopContainer();
        Await.until("all threads of the endpoint end", () -> others.containsAll(threads()));
        assertThat(broker.topicCount()).isEqualTo(broker.keptTopicCount());
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fanfare-endpoint-"))
                .collect(Collectors.toSet());
    }
}
