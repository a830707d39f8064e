package io.fanfare.spring;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/** An application as it would be with the simple broker: nothing in it says that there is another. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSocketMessageBroker
class ChatApplication implements WebSocketMessageBrokerConfigurer {

    /** Starts it on a free port of the loopback interface. */
    static ServletWebServerApplicationContext start(Class<?>[] more, String... properties) {
        // Spring Security, which one test has, would close every other application
        SpringApplicationBuilder application = new SpringApplicationBuilder(ChatApplication.class)
                .sources(more)
                .properties("spring.autoconfigure.exclude=" + SecurityAutoConfiguration.class.getName());
        return start(application, properties);
    }

    /** Starts another application likewise. */
    static ServletWebServerApplicationContext start(Class<?> application, String... properties) {
        return start(new SpringApplicationBuilder(application), properties);
    }

    private static ServletWebServerApplicationContext start(
            SpringApplicationBuilder application, String... properties) {
        return (ServletWebServerApplicationContext) application
                .properties(
                        "server.port=0",
                        "server.address=127.0.0.1",
                        "spring.main.banner-mode=off",
                        "spring.main.register-shutdown-hook=false",
                        "logging.level.root=warn")
                .properties(properties)
                .run();
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableSimpleBroker("/topic", "/queue");
        registry.setApplicationDestinationPrefixes("/app");
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/ws").setHandshakeHandler(new Users());
    }

    /** A client is the user that its handshake names. */
    private static final class Users extends DefaultHandshakeHandler {
        @Override
        protected @Nullable Principal determineUser(
                ServerHttpRequest request, WebSocketHandler handler, Map<String, Object> attributes) {
            List<String> names = request.getHeaders().getOrDefault("X-User", List.of());
            return names.isEmpty() ? null : () -> names.get(0);
        }
    }

    @Controller
    static class Rooms {

        @MessageMapping("/echo")
        @SendTo("/topic/echo")
        String echo(String text) {
            return text + "!";
        }

        @MessageMapping("/ask")
        @SendToUser(destinations = "/queue/answers", broadcast = false)
        String ask(String text) {
            return "to one: " + text;
        }

        @MessageMapping("/ask-all")
        @SendToUser("/queue/answers")
        String askAll(String text) {
            return "to all: " + text;
        }

        @SubscribeMapping("/rooms")
        String list() {
            return "lobby";
        }
    }
}
