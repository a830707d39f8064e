package io.fanfare.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.Broker;
import io.fanfare.security.Authorizer;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.StompSocket;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.broker.AbstractBrokerMessageHandler;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** What the starter does, and when it leaves things alone. */
class StarterIT {

    private static final Class<?>[] NOTHING_MORE = {};

    private static AbstractBrokerMessageHandler handler(ServletWebServerApplicationContext application) {
        return application.getBean("simpleBrokerMessageHandler", AbstractBrokerMessageHandler.class);
    }

    private static StompSocket connect(ServletWebServerApplicationContext application, String... headerLines) {
        return StompSocket.over(
                RawWebSocket.open(RawTcp.connect(application.getWebServer().getPort()), headerLines));
    }

    @Test
    void anApplicationThatEndsLeavesNoThread() {
        try (ServletWebServerApplicationContext application = ChatApplication.start(NOTHING_MORE);
                StompSocket client = connect(application).connects("1.2")) {
            client.subscribes("id:0\ndestination:/topic/a");
            assertThat(ownThreads()).isPositive();
        }
        Await.until("no thread of the broker's is left", () -> ownThreads() == 0);
    }

    private static long ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fanfare-"))
                .count();
    }

    @Test
    void aBrokerThatWasStoppedStartsAgain() {
        try (ServletWebServerApplicationContext application = ChatApplication.start(NOTHING_MORE)) {
            handler(application).stop();
            handler(application).start();
            try (StompSocket client = connect(application).connects("1.2")) {
                client.publishes("/topic/a", "hi").gotNothing();
            }
        }
    }

    @Test
    void switchedOffTheSimpleBrokerStays() {
        try (ServletWebServerApplicationContext application =
                ChatApplication.start(NOTHING_MORE, "fanfare.enabled=false")) {
            assertThat(handler(application)).isInstanceOf(SimpleBrokerMessageHandler.class);
            assertThat(application.getBeansOfType(Broker.class)).isEmpty();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnBroker {
        static final Broker BROKER = new Broker();

        @Bean
        Broker broker() {
            return BROKER;
        }
    }

    @Test
    void anApplicationsOwnBrokerIsTheOneThatIsUsed() {
        try (ServletWebServerApplicationContext application = ChatApplication.start(new Class<?>[] {OwnBroker.class});
                StompSocket client = connect(application).connects("1.2")) {
            assertThat(application.getBean(Broker.class)).isSameAs(OwnBroker.BROKER);
            assertThat(OwnBroker.BROKER.sessionCount()).isOne();
            client.gotNothing();
        }
    }

    @Test
    void clientsOfTheBrokersOwnPortsAndOfTheApplicationMeet() {
        try (ServletWebServerApplicationContext application = ChatApplication.start(
                        NOTHING_MORE,
                        "fanfare.server.enabled=true",
                        "fanfare.server.port=0",
                        "fanfare.server.tcp-port=0");
                StompSocket tcp = StompSocket.over(
                        RawTcp.connect(application.getBean(FanfareServer.class).tcpPort()));
                StompSocket page = connect(application, "X-User: alice").sends("CONNECT\naccept-version:1.2\n\n^@")) {
            page.next();
            tcp.sends("CONNECT\naccept-version:1.2\nlogin:alice\n\n^@").next();
            tcp.subscribes("id:0\ndestination:/user/queue/news");
            page.subscribes("id:0\ndestination:/user/queue/news");
            application.getBean(SimpMessagingTemplate.class).convertAndSendToUser("alice", "/queue/news", "hi");
            tcp.gotMessage("hi");
            page.gotMessage("hi");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OnlyTeachersSpeak {
        @Bean
        Authorizer authorizer() {
            return (principal, action, destination) ->
                    action != Authorizer.Action.SEND || principal.name().equals("teacher");
        }
    }

    @Test
    void theApplicationsAuthorizerDecidesAboutItsUsers() {
        try (ServletWebServerApplicationContext application =
                        ChatApplication.start(new Class<?>[] {OnlyTeachersSpeak.class});
                StompSocket teacher =
                        connect(application, "X-User: teacher").sends("CONNECT\naccept-version:1.2\n\n^@");
                StompSocket pupil = connect(application, "X-User: pupil").sends("CONNECT\naccept-version:1.2\n\n^@")) {
            teacher.next();
            pupil.next();
            teacher.publishes("/topic/lesson", "hi");
            pupil.sends("SEND\ndestination:/topic/lesson\n\nhi^@");
            assertThat(pupil.next().header("message")).contains("not allowed");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherUserPrefix implements WebSocketMessageBrokerConfigurer {
        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.setUserDestinationPrefix("/me/");
        }
    }

    @Test
    void anotherPrefixOfUserDestinationsIsTranslated() {
        try (ServletWebServerApplicationContext application =
                        ChatApplication.start(new Class<?>[] {OtherUserPrefix.class});
                StompSocket alice = connect(application, "X-User: alice").sends("CONNECT\naccept-version:1.2\n\n^@")) {
            alice.next();
            alice.subscribes("id:0\ndestination:/me/queue/news");
            application.getBean(SimpMessagingTemplate.class).convertAndSendToUser("alice", "/queue/news", "hi");
            assertThat(alice.gotMessage("hi").header("destination")).isEqualTo("/me/queue/news");
        }
    }
}
