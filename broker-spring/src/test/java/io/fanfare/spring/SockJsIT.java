package io.fanfare.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import java.lang.reflect.Type;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import org.springframework.web.socket.sockjs.client.RestTemplateXhrTransport;
import org.springframework.web.socket.sockjs.client.SockJsClient;
import org.springframework.web.socket.sockjs.client.Transport;
import org.springframework.web.socket.sockjs.client.WebSocketTransport;

/** SockJS is Spring's, in front of the broker: an endpoint {@code withSockJS()} works with the starter. */
class SockJsIT {

    @Configuration(proxyBeanMethods = false)
    static class WithSockJs implements WebSocketMessageBrokerConfigurer {
        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/sockjs").withSockJS();
        }
    }

    static Stream<Transport> transports() {
        return Stream.of(new WebSocketTransport(new StandardWebSocketClient()), new RestTemplateXhrTransport());
    }

    @ParameterizedTest
    @MethodSource("transports")
    void messagesComeOverEachTransport(Transport transport) throws Exception {
        SockJsClient sockJs = new SockJsClient(List.of(transport));
        sockJs.start();
        WebSocketStompClient client = new WebSocketStompClient(sockJs);
        client.setMessageConverter(new StringMessageConverter());
        BlockingQueue<String> got = new LinkedBlockingQueue<>();
        try (ServletWebServerApplicationContext application =
                ChatApplication.start(new Class<?>[] {WithSockJs.class})) {
            StompSession session = client.connectAsync(
                            "http://127.0.0.1:" + application.getWebServer().getPort() + "/sockjs",
                            new StompSessionHandlerAdapter() {})
                    .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            // the simple broker knows no retain: it is Fanfare that answers
            StompHeaders headers = new StompHeaders();
            headers.setDestination("/topic/kept");
            headers.set("retain", "set");
            session.send(headers, "kept");
            session.subscribe("/topic/kept", new StompFrameHandler() {
                @Override
                public Type getPayloadType(StompHeaders ignored) {
                    return String.class;
                }

                @Override
                public void handleFrame(StompHeaders message, @Nullable Object payload) {
                    got.add(message.getFirst("retained") + " " + payload);
                }
            });
            assertThat(got.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("true kept");
            session.disconnect();
        } finally {
            client.stop();
            sockJs.stop();
        }
    }
}
