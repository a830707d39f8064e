package io.fanfare.testkit;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.client.StompClient;
import io.fanfare.options.TopicRule;
import io.fanfare.testkit.internal.Clients;
import io.fanfare.testkit.wire.StompFrame;
import io.fanfare.testkit.wire.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The kit without JUnit's extension. */
class TestBrokerIT {

    private final TestBroker broker = TestBroker.builder()
            .user("alice", "secret")
            .user("bob", "other")
            .permit("alice", "/queue/**", "/topic/*")
            .queue("/queue/orders")
            .topic(TopicRule.of("/topic/last").retainLast())
            .timeout(ofSeconds(20))
            .start();

    @AfterEach
    void close() {
        broker.close();
    }

    // ---- users ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    void userNeedsItsPasscode(Transport transport) {
        broker.connect(ConnectOptions.as("alice").over(transport));
        assertThatThrownBy(() -> broker.connect(
                        ConnectOptions.as("alice").passcode("wrong").over(transport)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ERROR")
                .hasMessageNotContaining("wrong");
        assertThatThrownBy(() -> broker.connect("mallory")).isInstanceOf(AssertionError.class);
        broker.awaitConnections(1);
    }

    @Test
    void permitsLimitTheUserThatHasThem() {
        TestConnection alice = broker.connect("alice");
        alice.send("/topic/a", "").awaitReceipt();
        assertThatThrownBy(() -> alice.send("/topic/a/b", "").awaitReceipt())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ERROR");
        broker.connect("bob").send("/topic/a/b", "").awaitReceipt();
        broker.connect().send("/topic/a/b", "").awaitReceipt();
    }

    @Test
    void queueThatIsNoneIsRefusedWhenItIsDeclared() {
        assertThatThrownBy(() -> TestBroker.builder().queue("/topic/a")).isInstanceOf(IllegalArgumentException.class);
    }

    // ---- clients ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    void clientSendsSubscribesAndSettles(Transport transport) {
        TestConnection bob = broker.connect(ConnectOptions.as("bob").over(transport));
        TestSubscription orders = bob.subscribe("/queue/orders", "ack", "client-individual", "prefetch-count", "1");
        bob.send("/queue/orders", "one").awaitReceipt();
        bob.send("/queue/orders", "two", "colour", "a:b").awaitReceipt();
        StompFrame one = orders.expect("one");
        orders.expectNone();
        assertThat(broker.queue("/queue/orders").unacknowledged()).isEqualTo(1);
        bob.ack(one).awaitReceipt();
        StompFrame two = orders.next();
        assertThat(two.header("colour")).isEqualTo("a:b");
        bob.nack(two).awaitReceipt();
        orders.expect("two");
        orders.unsubscribe();
        assertThat(broker.queue("/queue/orders").consumers()).isZero();
        bob.disconnect();
        broker.awaitConnections(0);
        assertThat(broker.queue("/queue/orders").bodies()).containsExactly("two");
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void clientSaysExactlyWhatTheTestSays(Transport transport) {
        TestConnection raw = broker.open(transport);
        raw.sends("CONNECT\naccept-version:1.0\nlogin:bob\npasscode:other\n\n^@")
                .got("CONNECTED\nversion:1.0\n\n^@");
        raw.sends("SEND\ndestination:/topic/a\nreceipt:1\n\nhi^@SEND\ndestination:/topic/a\nreceipt:2\n\nho^@")
                .got("RECEIPT\nreceipt-id:1\n\n^@")
                .got("RECEIPT\nreceipt-id:2\n\n^@")
                .gotNothing();
        raw.sends("NONSENSE\n\n^@");
        assertThat(raw.next().command()).isEqualTo("ERROR");
        assertThat(raw.awaitClosed().code()).isEqualTo(transport == Transport.TCP ? 0 : 1002);
    }

    @Test
    void failureOfAClientHasWhatCameInstead() {
        TestConnection bob = broker.connect("bob");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/a\n\n^@");
        bob.send("/topic/a", "hi").awaitReceipt();
        assertThatThrownBy(() -> bob.got("MESSAGE\nsubscription:1\ndestination:/topic/a\n\nho^@"))
                .hasMessageContaining("\n\nho^@")
                .hasMessageContaining("\n\nhi^@");
    }

    // ---- expectations -----------------------------------------------------------------------------------------------

    @Test
    void expectationSeesWhatCameBeforeItAndAfter() {
        broker.publish("/topic/a", "early");
        broker.expect("/topic/a").body("early");
        Thread later = new Thread(() -> broker.publish("/topic/b", "late"));
        later.start();
        broker.expect("/topic/b").within(ofSeconds(60)).bodyContains("lat").count(1);
        broker.expect("/topic/*").count(2);
        assertThat(broker.expect("/topic/*").message().text()).isEqualTo("early");
    }

    @Test
    void conditionsNarrowTheMessages() {
        TestConnection bob = broker.connect("bob");
        bob.send("/topic/a", "one", "type", "order").awaitReceipt();
        bob.send("/topic/a", "two", "type", "order").awaitReceipt();
        bob.send("/topic/a", "two", "type", "offer").awaitReceipt();
        broker.expect("/topic/a").body("two").count(2).header("type", "order").count(1);
        assertThatThrownBy(() -> broker.expect("/topic/a").body("two").count(1))
                .hasMessageContaining("1 messages, but 2 have come");
        assertThatThrownBy(() -> broker.expect("/topic/a")
                        .within(ofMillis(20))
                        .body("one")
                        .header("type", "offer"))
                .hasMessageContaining("with body is \"one\" and header type:offer within 20 ms");
    }

    @Test
    void failureSaysWhatCameInsteadAndWhichClientsListen() {
        broker.connect("bob").subscribe("/topic/news", "selector", "a = 1");
        broker.publish("/topic/a", "other");
        broker.publish("/queue/orders", "order");
        assertThatThrownBy(() -> broker.expect("/topic/b").within(ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected a message at /topic/b within 1 ms")
                .hasMessageContaining("published there: none")
                .hasMessageContaining("published elsewhere: 2\n  /topic/a \"other\"\n  /queue/orders \"order\"")
                .hasMessageContaining("/topic/news by bob (session ")
                .hasMessageContaining("where a = 1")
                .hasMessageContaining("waiting in /queue/orders: 1\n  order");
    }

    @Test
    void failureOfAThreadThatIsInterruptedSaysWhatWasExpected() {
        broker.connect("bob");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> broker.expect("/topic/b").body("hi"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("expected a message at /topic/b with body is \"hi\"")
                    .hasMessageContaining("interrupted while asking the broker for its clients");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void expectNoneFailsWhenAMessageIsThereOrComes() {
        broker.expectNone("/topic/a").soFar();
        broker.publish("/topic/a", "one");
        broker.expectNone("/topic/a").bodyContains("two").within(ofMillis(20));
        assertThatThrownBy(() -> broker.expectNone("/topic/a").within(ofSeconds(60)))
                .hasMessageContaining("expected no such message at /topic/a");
    }

    @Test
    void refusedMessageWasNotPublished() {
        TestConnection alice = broker.connect("alice");
        alice.sends("SEND\ndestination:/topic/not/allowed\n\nhi^@");
        alice.awaitClosed();
        broker.expectNone("/topic/#").soFar();
    }

    @Test
    void subscribersAreAwaitedByNamePatternAndUser() {
        broker.connect("bob").subscribe("/topic/prices.*");
        broker.connect("bob").subscribe("/user/queue/news");
        broker.awaitSubscribers("/topic/prices.acme", 1);
        broker.awaitSubscribers("/user/bob/queue/news", 1);
        TestBroker impatient = TestBroker.builder().timeout(ofMillis(20)).start();
        try (impatient) {
            assertThatThrownBy(() -> impatient.awaitSubscribers("/topic/a", 1))
                    .hasMessageContaining("expected 1 subscribers of /topic/a within 20 ms");
            assertThatThrownBy(() -> impatient.awaitConnections(1)).hasMessageContaining("expected 1 connections");
        }
    }

    // ---- clear ------------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(Transport.class)
    void brokerHasEndedTheSessionOfAConnectionThatWasDropped(Transport transport) {
        for (int i = 0; i < 50; i++) {
            broker.connect(ConnectOptions.as("alice").over(transport)).drop();
            assertThat(new Clients(broker.server().broker()).all()).isEmpty();
        }
    }

    @Test
    void clearLeavesNothing() {
        TestConnection bob = broker.connect(ConnectOptions.as("bob").header("client-id", "c"));
        bob.subscribe("/topic/news", "id", "d", "durable", "true");
        TestSubscription held = bob.subscribe("/queue/orders", "ack", "client");
        bob.send("/queue/orders", "one").awaitReceipt();
        held.next();
        bob.send("/topic/last", "kept").awaitReceipt();
        broker.clear();
        assertThat(bob.awaitClosed()).isNotNull();
        assertThat(broker.server().broker().sessionCount()).isZero();
        assertThat(broker.queue("/queue/orders")).isEmpty();
        assertThat(broker.server().broker().durableSubscriptionCount()).isZero();
        assertThat(broker.messages("/#")).isEmpty();
        broker.connect("bob").subscribe("/topic/last").expectNone();
    }

    @Test
    void connectionsOfTheApplicationCanBeKept() {
        try (TestBroker kept = TestBroker.builder().keepConnections().start();
                StompClient app = StompClient.connect(kept.webSocketUri())) {
            kept.connect();
            kept.awaitConnections(2);
            kept.clear();
            kept.awaitConnections(1);
            app.send("/topic/a", "still there").join();
            kept.expect("/topic/a").count(1);
        }
    }

    @Test
    void connectionsThatAreKeptLeaveNeitherDelayedMessagesNorDedupIdsBehind() {
        try (TestBroker kept = TestBroker.builder()
                .keepConnections()
                .topic(TopicRule.of("/topic/last").retainLast())
                .start()) {
            kept.connect().send("/queue/q", "later", "delay", "3600000").awaitReceipt();
            kept.connect().send("/queue/q", "once", "dedup-id", "1").awaitReceipt();
            kept.connect().send("/topic/last", "value").awaitReceipt();
            kept.clear();
            kept.connect().send("/queue/q", "again", "dedup-id", "1").awaitReceipt();
            kept.clock().advance(java.time.Duration.ofHours(2));
            kept.expect("/queue/q").count(1).bodyContains("again");
            kept.expectNone("/queue/q").bodyContains("later").soFar();
            assertThat(kept.server().broker().keptTopicCount()).isZero();
        }
    }
}
