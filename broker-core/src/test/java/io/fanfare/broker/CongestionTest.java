package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Publishers that are faster than a subscriber: which of them waits, and which subscriber goes. */
class CongestionTest extends BrokerTest {

    private static final int LIMIT = 100_000;
    private static final int BODY = 1_000;

    private Client subscriber(String topic) {
        Client client = connectTo(otherLoop);
        client.sends("SUBSCRIBE\nid:0\ndestination:" + topic + "\n\n^@");
        return client;
    }

    private void brokerWithOutboxesOf(int bytes) {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(bytes)).build());
    }

    private static String send(String topic) {
        return "SEND\ndestination:" + topic + "\n\n" + "x".repeat(BODY) + "^@";
    }

    /** Sends as a client does whose socket is read from only when the broker wants to. */
    private static boolean sendIfRead(Client client, String topic) {
        if (client.connection().isSuspended()) {
            return false;
        }
        client.sends(send(topic));
        return true;
    }

    @Test
    void aBurstCostsNoSubscriberThatReads() {
        brokerWithOutboxesOf(LIMIT);
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        int sent = 0;
        while (sent < 1_000) {
            sent += sendIfRead(alice, "/topic/a") ? 1 : 0;
            if (alice.connection().isSuspended()) {
                // half of its pace in all, and far less than what comes
                pass(Duration.ofMillis(100));
                bob.hasRoom(10_000);
            }
        }
        bob.isOpen();
        bob.reads();
        assertThat(bob.takeAll()).hasSize(1_000);
    }

    @Test
    void whatWaitsForASubscriberThatReadsStaysBelowTheLimit() {
        brokerWithOutboxesOf(LIMIT);
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        int sent = 0;
        while (sendIfRead(alice, "/topic/a")) {
            sent++;
        }
        assertThat(sent * BODY).isBetween(LIMIT / 3, LIMIT / 2 + 2 * BODY);
        pass(Duration.ofMillis(500));
        assertThat(alice.connection().isSuspended()).isTrue();
    }

    @Test
    void aSubscriberThatTakesNothingDelaysItsPublisherForASecondAndIsClosedWhenItsOutboxIsFull() {
        brokerWithOutboxesOf(LIMIT);
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a");
        Client alice = connect();
        bob.stopsReading();
        int sent = 0;
        while (sendIfRead(alice, "/topic/a")) {
            sent++;
        }
        pass(Duration.ofMillis(1_100));
        for (int i = 0; i < 200; i++) {
            assertThat(sendIfRead(alice, "/topic/a"))
                    .as("is read, message " + i)
                    .isTrue();
            sent++;
        }
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
        assertThat(carol.takeAll()).hasSize(sent);
    }

    @Test
    void aSubscriberThatTakesNextToNothingDelaysItsPublisherForAtMostASecondOrTwo() {
        brokerWithOutboxesOf(LIMIT);
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        Duration waited = Duration.ZERO;
        for (int sent = 0; sent < 200; ) {
            if (sendIfRead(alice, "/topic/a")) {
                sent++;
            } else {
                pass(Duration.ofMillis(100));
                waited = waited.plusMillis(100);
                if (bob.connection().closeCode() == null) {
                    bob.hasRoom(100);
                }
            }
        }
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
        assertThat(waited).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void aSubscriberThatWasFoundSlowIsNotWaitedForAgainEachTimeItTakesSomething() {
        brokerWithOutboxesOf(LIMIT);
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        while (sendIfRead(alice, "/topic/a")) {
            continue;
        }
        pass(Duration.ofMillis(1_100));
        assertThat(sendIfRead(alice, "/topic/a")).isTrue();
        bob.hasRoom(4 * BODY);
        for (int i = 0; i < 200; i++) {
            assertThat(sendIfRead(alice, "/topic/a"))
                    .as("is read, message " + i)
                    .isTrue();
        }
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
    }

    @Test
    void aPublisherWaitsWhileALoopHasMoreToHandOutThanGoesIntoAnOutbox() {
        brokerWithOutboxesOf(LIMIT);
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        int sent = 0;
        while (!alice.connection().isSuspended()) {
            // the subscriber's loop has no turn
            alice.feeds(send("/topic/a"));
            sent++;
            assertThat(sent * BODY).isLessThan(LIMIT / 2);
        }
        settle();
        pass(Duration.ofMillis(40));
        assertThat(alice.connection().isSuspended()).isFalse();
        assertThat(bob.takeAll()).hasSize(sent);
    }

    @Test
    void aLoopThatHasMuchToHandOutDelaysNoPublisherWhoseMessagesGoToOtherLoops() {
        brokerWithOutboxesOf(LIMIT);
        subscriber("/topic/a");
        Client carol = connect();
        carol.sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@");
        Client dave = connect();
        Client alice = connect();
        while (!alice.connection().isSuspended()) {
            // the subscriber's loop has no turn
            alice.feeds(send("/topic/a"));
        }
        dave.feeds(send("/topic/b"));
        assertThat(dave.connection().isSuspended()).isFalse();
    }

    @Test
    void onlyThePublisherOfWhatWaitsIsDelayed() {
        brokerWithOutboxesOf(LIMIT);
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        while (sendIfRead(alice, "/topic/a")) {
            continue;
        }
        Client dave = connect();
        Client carol = subscriber("/topic/b");
        for (int i = 0; i < 200; i++) {
            assertThat(sendIfRead(dave, "/topic/b")).isTrue();
        }
        assertThat(carol.takeAll()).hasSize(200);
    }

    @Test
    void aSubscriptionWithAPolicyDelaysNoPublisher() {
        brokerWithOutboxesOf(LIMIT);
        Client bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\noverflow:drop-oldest\ndestination:/topic/a\n\n^@");
        Client alice = connect();
        bob.connection().room(0);
        for (int i = 0; i < 300; i++) {
            assertThat(sendIfRead(alice, "/topic/a")).isTrue();
        }
        bob.isOpen();
        bob.reads();
        bob.takeAll();
    }

    @Test
    void atTheMarkThoseThatTakeNothingGoFirstTheLargestFirst() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(LIMIT))
                .memory(m -> m.highMemoryBytes(100_000))
                .build());
        Client large = subscriber("/topic/large");
        Client small = subscriber("/topic/small");
        Client slow = subscriber("/topic/slow");
        Client alice = connect();
        for (Client each : new Client[] {large, small, slow}) {
            each.connection().room(0);
        }
        sendMany(alice, "/topic/large", 45);
        sendMany(alice, "/topic/small", 20);
        sendMany(alice, "/topic/slow", 45);
        assertThat(alice.connection().isSuspended()).isTrue();
        for (int i = 0; i < 12; i++) {
            pass(Duration.ofMillis(100));
            slow.hasRoom(10);
        }
        assertThat(large.connection().isAborted()).isTrue();
        small.isOpen();
        slow.isOpen();
        assertThat(alice.connection().isSuspended()).isFalse();
        small.reads();
        assertThat(small.takeAll()).hasSize(20);
        slow.reads();
        assertThat(slow.takeAll()).hasSize(45);
    }

    @Test
    void atTheMarkPublishersWaitForThoseThatTakeSomething() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(LIMIT))
                .memory(m -> m.highMemoryBytes(20_000))
                .build());
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        sendMany(alice, "/topic/a", 30);
        for (int i = 0; i < 50; i++) {
            pass(Duration.ofMillis(100));
            bob.hasRoom(10);
        }
        assertThat(alice.connection().isSuspended()).isTrue();
        bob.reads();
        pass(Duration.ofMillis(40));
        assertThat(bob.takeAll()).hasSize(30);
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    void aLongWriteTimeoutHasNobodyWaitMoreThanASecondForOneThatTakesNothing() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(LIMIT).writeTimeout(Duration.ofHours(1)))
                .build());
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        int sent = 0;
        while (sendIfRead(alice, "/topic/a")) {
            sent++;
        }
        assertThat(sent).as("half of an outbox").isBetween(LIMIT / 2 / (BODY + 100), LIMIT / 2 / BODY);
        pass(Duration.ofMillis(900));
        assertThat(alice.connection().isSuspended()).isTrue();
        pass(Duration.ofMillis(200));
        assertThat(alice.connection().isSuspended()).isFalse();
        bob.isOpen();
    }

    @Test
    void aPublisherThatGoesWhileItWaitsIsForgotten() {
        brokerWith(BrokerOptions.builder()
                .outbox(o -> o.maxOutboxBytes(LIMIT))
                .memory(m -> m.highMemoryBytes(20_000))
                .build());
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        sendMany(alice, "/topic/a", 30);
        assertThat(alice.connection().isSuspended()).isTrue();
        alice.isLost();
        assertThat(loop.nanosToTimer())
                .as("no timer is left on its loop")
                .isEqualTo(Duration.ofDays(1).toNanos());
        bob.reads();
        assertThat(bob.takeAll()).hasSize(30);
    }

    private void sendMany(Client client, String topic, int count) {
        client.sends(send(topic).repeat(count));
    }
}
