package io.fanfare.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.security.Authorizer;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.StompSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** Users that Spring Security's filters have authenticated: by name and authority they are those of the broker. */
class SpringSecurityIT {

    private static ServletWebServerApplicationContext application;

    /** An application whose every request needs a user, and whose editors alone may send. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableWebSecurity
    @EnableWebSocketMessageBroker
    static class Newsroom implements WebSocketMessageBrokerConfigurer {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("ada")
                            .password("{noop}secret")
                            .roles("EDITOR")
                            .build(),
                    User.withUsername("bob")
                            .password("{noop}secret")
                            .roles("READER")
                            .build());
        }

        @Bean
        Authorizer authorizer() {
            return (user, action, destination) ->
                    action == Authorizer.Action.SUBSCRIBE || user.roles().contains("ROLE_EDITOR");
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/topic", "/queue");
        }

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/ws");
        }
    }

    @BeforeAll
    static void start() {
        application = ChatApplication.start(Newsroom.class);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    private static String credentials(String user) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(UTF_8));
    }

    private static StompSocket connect(String user) {
        RawTcp tcp = RawTcp.connect(application.getWebServer().getPort());
        StompSocket client = StompSocket.over(RawWebSocket.open(tcp, credentials(user)));
        client.sends("CONNECT\naccept-version:1.2\nlogin:mallory\n\n^@");
        assertThat(client.next().header("user-name")).isEqualTo(user);
        return client;
    }

    @Test
    void aHandshakeWithoutAUserIsRefusedByTheFilters() {
        URI endpoint = URI.create("ws://127.0.0.1:" + application.getWebServer().getPort() + "/ws");
        assertThatThrownBy(HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(endpoint, new WebSocket.Listener() {})::join)
                .hasCauseInstanceOf(WebSocketHandshakeException.class)
                .satisfies(e -> assertThat(((WebSocketHandshakeException) e.getCause())
                                .getResponse()
                                .statusCode())
                        .isEqualTo(401));
    }

    @Test
    void theAuthoritiesOfTheUserThatTheFiltersKnowDecide() {
        try (StompSocket ada = connect("ada");
                StompSocket bob = connect("bob")) {
            bob.subscribes("id:0\ndestination:/topic/news");
            ada.publishes("/topic/news", "one");
            bob.gotMessage("one");
            bob.sends("SEND\ndestination:/topic/news\n\ntwo^@");
            assertThat(bob.next().header("message")).contains("not allowed");
        }
    }

    @Test
    void userDestinationsReachTheUserThatTheFiltersKnow() {
        try (StompSocket ada = connect("ada");
                StompSocket bob = connect("bob")) {
            ada.subscribes("id:0\ndestination:/user/queue/mail");
            bob.subscribes("id:0\ndestination:/user/queue/mail");
            application.getBean(SimpMessagingTemplate.class).convertAndSendToUser("bob", "/queue/mail", "for bob");
            bob.gotMessage("for bob");
            ada.gotNothing();
        }
    }
}
