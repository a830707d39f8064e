package io.fanfare.interop;

import io.fanfare.server.FanfareServer;
import java.security.Principal;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.broker.BrokerAvailabilityEvent;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/** A Spring application whose messages go through our server, configured as Spring's manual says. */
@Configuration
@EnableWebSocketMessageBroker
class RelayApplication implements WebSocketMessageBrokerConfigurer {

    private final FanfareServer broker;
    private final CountDownLatch available = new CountDownLatch(1);

    RelayApplication(FanfareServer broker) {
        this.broker = broker;
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableStompBrokerRelay("/topic/", "/queue/")
                .setRelayHost("127.0.0.1")
                .setRelayPort(broker.tcpPort());
        registry.setApplicationDestinationPrefixes("/app");
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/portfolio/*").setHandshakeHandler(new UserFromPath());
    }

    /** One thread, or a SEND may overtake the BEGIN before it. */
    @Override
    public void configureClientInboundChannel(ChannelRegistration registration) {
        registration.taskExecutor().corePoolSize(1).maxPoolSize(1);
    }

    @EventListener
    void changed(BrokerAvailabilityEvent event) {
        if (event.isBrokerAvailable()) {
            available.countDown();
        }
    }

    /** Open once Spring's own session, over which the application sends, is connected. */
    CountDownLatch available() {
        return available;
    }

    /** Who is connected stands at the end of the path; a real application has authentication. */
    private static final class UserFromPath extends DefaultHandshakeHandler {

        @Override
        protected Principal determineUser(
                ServerHttpRequest request, WebSocketHandler handler, Map<String, @Nullable Object> attributes) {
            String path = request.getURI().getPath();
            String name = path.substring(path.lastIndexOf('/') + 1);
            return () -> name;
        }
    }

    /** The application's own destinations. */
    @Controller
    static class Greetings {

        @MessageMapping("/announce")
        @SendTo("/topic/news")
        String announce(String text) {
            return "announced: " + text;
        }

        @MessageMapping("/greet")
        @SendToUser(destinations = "/queue/greetings", broadcast = false)
        String greet(String name) {
            return "hello, " + name;
        }
    }
}
