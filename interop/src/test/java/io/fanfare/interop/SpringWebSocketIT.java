package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.net.URI;
import java.util.List;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSessionHandler;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

/** Spring's WebSocketStompClient, on Tomcat's WebSocket client. */
class SpringWebSocketIT extends SpringContract {

    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    private final WsWebSocketContainer container = new WsWebSocketContainer();
    private WebSocketStompClient client;

    @BeforeAll
    void startClient() {
        container.setDefaultMaxTextMessageBufferSize(MAX_MESSAGE_BYTES);
        container.setDefaultMaxBinaryMessageBufferSize(MAX_MESSAGE_BYTES);
        client = new WebSocketStompClient(new StandardWebSocketClient(container));
        client.setTaskScheduler(scheduler);
        client.setInboundMessageSizeLimit(MAX_MESSAGE_BYTES);
    }

    @AfterAll
    void stopClient() {
        container.destroy();
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
}
