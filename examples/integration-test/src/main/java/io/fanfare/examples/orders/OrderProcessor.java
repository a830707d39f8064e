package io.fanfare.examples.orders;

import java.lang.reflect.Type;
import java.net.URI;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.messaging.converter.MappingJackson2MessageConverter;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.stereotype.Component;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

/** Takes orders from the queue, confirms them, and acknowledges each once it is confirmed. */
@Component
class OrderProcessor implements SmartLifecycle {

    private final WebSocketStompClient client = new WebSocketStompClient(new StandardWebSocketClient());
    private final String broker;

    OrderProcessor(@Value("${orders.broker:ws://127.0.0.1:15674/ws}") URI broker) {
        this.broker = broker.toString();
        client.setMessageConverter(new MappingJackson2MessageConverter());
    }

    @Override
    public void start() {
        client.start();
        client.connectAsync(broker, new StompSessionHandlerAdapter() {
                    @Override
                    public void afterConnected(StompSession session, StompHeaders connected) {
                        subscribe(session);
                    }
                })
                .join();
    }

    private static void subscribe(StompSession session) {
        StompHeaders headers = new StompHeaders();
        headers.setDestination("/queue/orders");
        headers.setAck("client-individual");
        session.subscribe(headers, new StompFrameHandler() {
            @Override
            public Type getPayloadType(StompHeaders received) {
                return Order.class;
            }

            @Override
            public void handleFrame(StompHeaders received, Object payload) {
                session.send("/topic/confirmations", payload);
                session.acknowledge(received.getAck(), true);
            }
        });
    }

    @Override
    public void stop() {
        client.stop();
    }

    @Override
    public boolean isRunning() {
        return client.isRunning();
    }
}
