package io.fanfare.examples.orders;

import static java.time.Duration.ofSeconds;

import io.fanfare.junit.FanfareExtension;
import io.fanfare.junit.StompConnection;
import io.fanfare.testkit.TestConnection;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.messaging.converter.MappingJackson2MessageConverter;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

/** The application with a real broker. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "logging.level.root=warn"})
class OrdersIT {

    @RegisterExtension
    static final FanfareExtension broker =
            FanfareExtension.builder().keepConnections().build();

    @LocalServerPort
    private int port;

    @DynamicPropertySource
    static void broker(DynamicPropertyRegistry properties) {
        properties.add("orders.relay-port", broker::tcpPort);
        properties.add("orders.broker", broker::webSocketUri);
    }

    @BeforeEach
    void theProcessorIsThere() {
        broker.awaitSubscribers("/queue/orders", 1);
    }

    @Test
    void anOrderOfAServiceIsConfirmed(@StompConnection TestConnection service) {
        service.send("/queue/orders", "{\"id\":1,\"item\":\"tea\"}").awaitReceipt();
        broker.expect("/topic/confirmations").within(ofSeconds(60)).bodyContains("\"item\":\"tea\"");
    }

    @Test
    void anOrderOfABrowserIsConfirmedToo() throws Exception {
        StandardWebSocketClient webSocket = new StandardWebSocketClient();
        // Tomcat's client gives up after five seconds, which a busy machine may take for the first request
        webSocket.setUserProperties(Map.of("org.apache.tomcat.websocket.IO_TIMEOUT_MS", "30000"));
        WebSocketStompClient browser = new WebSocketStompClient(webSocket);
        browser.setMessageConverter(new MappingJackson2MessageConverter());
        StompSession session = browser.connectAsync(
                        "ws://127.0.0.1:" + port + "/ws", new StompSessionHandlerAdapter() {})
                .get(60, TimeUnit.SECONDS);
        session.send("/app/orders", new Order(2, "coffee"));
        broker.expect("/topic/confirmations").within(ofSeconds(60)).bodyContains("\"item\":\"coffee\"");
        session.disconnect();
        browser.stop();
    }
}
