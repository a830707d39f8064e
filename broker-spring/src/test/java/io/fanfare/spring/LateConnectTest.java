package io.fanfare.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.testing.Await;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

/** The threads of Spring's inbound channel may handle the end of a WebSocket ahead of its CONNECT. */
class LateConnectTest {

    private final Broker broker = new Broker();
    private final ExecutorSubscribableChannel inbound = new ExecutorSubscribableChannel();
    private final FanfareBrokerMessageHandler handler = new FanfareBrokerMessageHandler(
            broker,
            1,
            inbound,
            new ExecutorSubscribableChannel(),
            new ExecutorSubscribableChannel(),
            List.of(),
            new UserDestinations("/user/"));

    @BeforeEach
    void start() {
        handler.start();
    }

    @AfterEach
    void stop() {
        handler.stop();
    }

    private static Message<byte[]> message(StompCommand command, String sessionId) {
        StompHeaderAccessor accessor = StompHeaderAccessor.create(command);
        accessor.setSessionId(sessionId);
        accessor.setAcceptVersion("1.2");
        return MessageBuilder.createMessage(new byte[0], accessor.getMessageHeaders());
    }

    private void webSocketEnds(String sessionId) {
        Message<byte[]> disconnect = message(StompCommand.DISCONNECT, sessionId);
        handler.onApplicationEvent(new SessionDisconnectEvent(this, disconnect, sessionId, CloseStatus.NORMAL));
        inbound.send(disconnect);
    }

    @Test
    void aConnectBehindTheEndOfItsWebSocketLeavesNoSession() {
        webSocketEnds("gone");
        inbound.send(message(StompCommand.CONNECT, "gone"));
        inbound.send(message(StompCommand.CONNECT, "here"));
        Await.until(
                "the client behind it is connected", () -> !broker.sessions().isEmpty());
        assertThat(broker.sessionCount()).isEqualTo(1);
        webSocketEnds("here");
        Await.until("no session is left", () -> broker.sessionCount() == 0);
    }
}
