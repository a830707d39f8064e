package io.fanfare.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import io.fanfare.testing.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/** stompjs, connected to a Spring application that relays to our TCP port ({@code enableStompBrokerRelay}). */
class SpringRelayIT extends PeerTest {

    /** Held, because java.util.logging forgets levels of loggers that nobody holds. */
    private static final Logger TOMCAT_LOG = Logger.getLogger("org.apache");

    private final AnnotationConfigWebApplicationContext spring = new AnnotationConfigWebApplicationContext();
    private final Tomcat tomcat = new Tomcat();
    private FanfareServer server;
    private Driver driver;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Needs.node();
        driver = ProcessDriver.start(NodeModules.CLIENTS.directory(), List.of("node", "stompjs-node.mjs"));
        TOMCAT_LOG.setLevel(Level.SEVERE);
        server = FanfareServer.builder().port(0).start();
        spring.addBeanFactoryPostProcessor(beans -> beans.registerSingleton("broker", server));
        spring.register(RelayApplication.class, RelayApplication.Greetings.class);
        tomcat.setBaseDir(directory.toString());
        tomcat.setPort(0);
        tomcat.getConnector();
        Context context = tomcat.addContext("", directory.toString());
        context.addServletContainerInitializer(new WsSci(), null);
        var servlet = Tomcat.addServlet(context, "spring", new DispatcherServlet(spring));
        servlet.setLoadOnStartup(1);
        servlet.setAsyncSupported(true);
        servlet.addMapping("/");
        tomcat.start();
        assertThat(spring.getBean(RelayApplication.class)
                        .available()
                        .await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @AfterAll
    void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        if (driver != null) {
            driver.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aBroadcastReachesEveryBrowser() {
        Peer alice = connected("alice");
        Peer bob = connected("bob");
        subscribe(alice, "/topic/chat");
        subscribe(bob, "/topic/chat");

        alice.send("/topic/chat", bytes("hi all"), Map.of("receipt", "r1", "colour", "a:b\\d"));

        Event message = bob.events().message();
        assertThat(message.text()).isEqualTo("hi all");
        assertThat(message.header("destination")).isEqualTo("/topic/chat");
        assertThat(message.header("colour")).isEqualTo("a:b\\d");
        alice.events().await(Event.Kind.RECEIPT);
    }

    @Test
    void whatAControllerReturnsReachesEveryBrowser() {
        Peer alice = connected("alice");
        Peer bob = connected("bob");
        subscribe(alice, "/topic/news");
        subscribe(bob, "/topic/news");

        alice.send("/app/announce", bytes("rain"), Map.of());

        assertThat(alice.events().message().text()).isEqualTo("announced: rain");
        assertThat(bob.events().message().text()).isEqualTo("announced: rain");
    }

    @Test
    void sendToUserReachesTheSessionThatAsked() {
        Peer asking = connected("alice");
        Peer other = connected("alice");
        subscribe(asking, "/user/queue/greetings");
        subscribe(other, "/user/queue/greetings");

        asking.send("/app/greet", bytes("alice"), Map.of());

        Event message = asking.events().message();
        assertThat(message.text()).isEqualTo("hello, alice");
        assertThat(message.header("destination")).isEqualTo("/user/queue/greetings");
        // the next thing that the other session gets is its own answer
        other.send("/app/greet", bytes("again"), Map.of());
        assertThat(other.events().message().text()).isEqualTo("hello, again");
    }

    @Test
    void convertAndSendToUserReachesAllSessionsOfTheUserAndNobodyElse() {
        Peer first = connected("alice");
        Peer second = connected("alice");
        Peer bob = connected("bob");
        for (Peer peer : List.of(first, second, bob)) {
            subscribe(peer, "/user/queue/notices");
        }
        SimpMessagingTemplate template = spring.getBean(SimpMessagingTemplate.class);

        template.convertAndSendToUser("alice", "/queue/notices", "for alice");
        template.convertAndSendToUser("bob", "/queue/notices", "for bob");

        assertThat(first.events().message().text()).isEqualTo("for alice");
        assertThat(second.events().message().text()).isEqualTo("for alice");
        assertThat(bob.events().message().text()).isEqualTo("for bob");
    }

    @Test
    void whatAKilledBrowserHasNotAcknowledgedGoesToTheNextOne() {
        Network network = opened(Network.to(tomcat.getConnector().getLocalPort()));
        Peer victim = connected("alice", network.port());
        Peer heir = connected("bob");
        victim.subscribe("s1", "/queue/jobs", Map.of("ack", "client-individual", "receipt", "subscribed"));
        victim.events().receipt("subscribed");
        heir.send("/queue/jobs", bytes("one"), Map.of());
        heir.send("/queue/jobs", bytes("two"), Map.of());
        // Spring does not promise to pass them on in order
        Event first = victim.events().message();
        Event second = victim.events().message();
        victim.ack(first, Map.of("receipt", "acked"));
        assertThat(victim.events().await(Event.Kind.RECEIPT).header("receipt-id"))
                .isEqualTo("acked");

        network.resets();
        heir.subscribe("s1", "/queue/jobs", Map.of("ack", "client-individual"));

        Event message = heir.events().message();
        assertThat(message.text()).isEqualTo(second.text());
        assertThat(message.header("redelivered")).isEqualTo("true");
        heir.ack(message, Map.of("receipt", "done"));
        heir.events().receipt("done");
    }

    @Test
    void aTransactionThroughTheRelayArrivesAtItsCommit() {
        Peer alice = connected("alice");
        Peer bob = connected("bob");
        subscribe(bob, "/topic/ledger");

        alice.begin("t1", Map.of());
        alice.send("/topic/ledger", bytes("in"), Map.of("transaction", "t1"));
        alice.send("/topic/ledger", bytes("outside"), Map.of());
        assertThat(bob.events().message().text()).isEqualTo("outside");
        alice.commit("t1", Map.of());

        assertThat(bob.events().message().text()).isEqualTo("in");
    }

    private Peer connected(String user) {
        return connected(user, tomcat.getConnector().getLocalPort());
    }

    private Peer connected(String user, int port) {
        DrivenPeer peer = opened(driver.newPeer());
        peer.connect(port, "/portfolio/" + user, "1.2", 0);
        peer.events().next(Event.Kind.CONNECTED);
        return peer;
    }

    /** Subscribes and waits for the RECEIPT, which the relay passes on from our server. */
    private static void subscribe(Peer peer, String destination) {
        peer.subscribe("s1", destination, Map.of("receipt", "subscribed"));
        peer.events().receipt("subscribed");
    }
}
