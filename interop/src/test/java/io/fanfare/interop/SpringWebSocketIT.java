package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSessionHandler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

/** Spring's WebSocketStompClient, on Tomcat's WebSocket client. */
class SpringWebSocketIT extends ClientContract {

    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    private final WsWebSocketContainer container = new WsWebSocketContainer();
    private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();
    private WebSocketStompClient client;

    @BeforeAll
    void startClient() {
        scheduler.initialize();
        container.setDefaultMaxTextMessageBufferSize(MAX_MESSAGE_BYTES);
        container.setDefaultMaxBinaryMessageBufferSize(MAX_MESSAGE_BYTES);
        client = new WebSocketStompClient(new StandardWebSocketClient(container));
        client.setTaskScheduler(scheduler);
        client.setInboundMessageSizeLimit(MAX_MESSAGE_BYTES);
    }

    @AfterAll
    void stopClient() {
        container.destroy();
        scheduler.shutdown();
    }

    @Override
    Peer newPeer() {
        return new SpringPeer(this::connect, () -> {});
    }

    private void connect(int port, StompHeaders headers, StompSessionHandler handler) {
        WebSocketHttpHeaders handshake = new WebSocketHttpHeaders();
        String version = String.valueOf(headers.getFirst(StompHeaders.ACCEPT_VERSION));
        handshake.setSecWebSocketProtocol(List.of("v" + version.replace(".", "") + ".stomp"));
        client.connectAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), handshake, headers, handler);
    }

    @Override
    int port(FanfareServer server) {
        return server.webSocketPort();
    }

    /** It refuses to ask for 1.0. */
    @Override
    Stream<String> versions() {
        return Stream.of("1.1", "1.2");
    }

    @Override
    boolean hasTransactions() {
        return false;
    }

    @Override
    Set<String> receipts() {
        return Set.of("SEND", "SUBSCRIBE", "UNSUBSCRIBE", "ACK", "NACK");
    }
}
