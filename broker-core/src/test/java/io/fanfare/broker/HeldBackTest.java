package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Received;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many messages that are published at once, where subscribers read: they wait on the loop, in their order. */
class HeldBackTest extends BurstBrokerTest {

    /** Ten outboxes full. */
    private static final int MANY = 1_000;

    @BeforeEach
    void smallOutboxes() {
        brokerWith(BrokerOptions.builder().outbox(o -> o.maxOutboxBytes(LIMIT)).build());
    }

    private static String send(String topic, String headers, int number) {
        return "SEND\ndestination:" + topic + "\n" + headers + "\n" + body(number) + "^@";
    }

    /** A transaction with so many messages to a topic, which are numbered from 0. */
    private static String transaction(String topic, int messages) {
        StringBuilder frames = new StringBuilder("BEGIN\ntransaction:t\n\n^@");
        for (int i = 0; i < messages; i++) {
            frames.append(send(topic, "transaction:t\n", i));
        }
        return frames.append("COMMIT\ntransaction:t\n\n^@").toString();
    }

    @Test
    void aCommitCostsNoSubscriberThatReads() {
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        alice.sends(transaction("/topic/a", MANY));
        assertThat(alice.connection().isSuspended()).as("the publisher waits").isTrue();
        readsAll(bob, MANY);
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY));
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY));
        pass(Duration.ofMillis(40));
        assertThat(alice.connection().isSuspended()).isFalse();
        assertThat(broker.bytesUnderWay()).isZero();
    }

    /** That it was idle before is no sign of a socket that takes nothing. */
    @Test
    void aSubscriberThatHasGotNothingForLongIsWaitedForAllTheSame() {
        Client bob = subscriber("/topic/a");
        bob.connection().room(0);
        Client alice = connect();
        pass(Duration.ofSeconds(5));
        alice.sends(transaction("/topic/a", MANY));
        readsAll(bob, MANY);
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY));
    }

    @Test
    void whatWaitsCountsAsUnderWay() {
        subscriber("/topic/a").connection().room(0);
        connect().sends(transaction("/topic/a", MANY));
        assertThat(broker.bytesUnderWay()).isBetween((long) MANY * BODY, MANY * (BODY + 300L));
    }

    @Test
    void aSubscriberThatTakesNothingIsClosedAndOthersGetAll() {
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a");
        Client alice = connect();
        bob.stopsReading();
        alice.sends(transaction("/topic/a", MANY));
        bob.isOpen();
        pass(Duration.ofMillis(1_200));
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.OVERLOAD);
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY));
        assertThat(alice.connection().isSuspended()).isFalse();
    }

    @Test
    void whatItsPublisherSendsNextComesBehindItAtEveryDestination() {
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a", "/topic/b", "/queue/q");
        Client alice = connect();
        bob.connection().room(0);
        alice.sends(transaction("/topic/a", MANY) + send("/topic/b", "", MANY) + send("/queue/q", "", MANY + 1));
        readsAll(bob, MANY);
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY + 2));
    }

    @Test
    void theTopicsOfATransactionKeepTheirOrder() {
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a", "/topic/b");
        Client alice = connect();
        bob.connection().room(0);
        String frames = transaction("/topic/a", MANY);
        alice.sends(frames.replace("COMMIT", send("/topic/b", "transaction:t\n", MANY) + "COMMIT"));
        readsAll(bob, MANY);
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY + 1));
    }

    @Test
    void otherTopicsOfTheLoopDoNotWait() {
        subscriber("/topic/a").connection().room(0);
        Client carol = subscriber("/topic/b");
        connect().sends(transaction("/topic/a", MANY));
        Client dave = connect();
        dave.sends(send("/topic/b", "", 1));
        assertThat(numbers(carol.takeAll())).containsExactly(1);
        assertThat(dave.connection().isSuspended()).isFalse();
    }

    @Test
    void anotherPublisherOfTheTopicComesBehindItAndWaits() {
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a");
        bob.connection().room(0);
        connect().sends(transaction("/topic/a", MANY));
        Client dave = connect();
        dave.sends(send("/topic/a", "", MANY));
        assertThat(dave.connection().isSuspended()).isTrue();
        readsAll(bob, MANY + 1);
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY + 1));
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY + 1));
    }

    @Test
    void aSubscriberWhoseSelectorLeavesThemOutIsNotWaitedFor() {
        Client bob = connectTo(otherLoop);
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:no = 'never'\n\n^@");
        bob.sends("SUBSCRIBE\nid:1\ndestination:/topic/full\n\n^@");
        bob.connection().room(0);
        connect().sends(send("/topic/full", "", 0).repeat(60));
        Client carol = subscriber("/topic/a");
        Client alice = connect();
        alice.sends(transaction("/topic/a", MANY));
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY));
        bob.isOpen();
    }

    @Test
    void itOutlivesItsPublisher() {
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        bob.connection().room(0);
        alice.sends(transaction("/topic/a", MANY));
        alice.isLost();
        readsAll(bob, MANY);
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY));
    }

    @Test
    void aSubscriberThatLeavesIsWaitedForNoLonger() {
        Client bob = subscriber("/topic/a");
        Client carol = subscriber("/topic/a");
        bob.connection().room(0);
        connect().sends(transaction("/topic/a", MANY));
        bob.isLost();
        pass(Duration.ofMillis(40));
        assertThat(numbers(carol.takeAll())).isEqualTo(upTo(MANY));
    }

    @Test
    void aSubscriberThatComesMeanwhileGetsWhatIsPublishedBehindIt() {
        Client bob = subscriber("/topic/a");
        bob.connection().room(0);
        Client alice = connect();
        alice.sends(transaction("/topic/a", MANY));
        Client carol = subscriber("/topic/*");
        connect().sends(send("/topic/a", "", MANY));
        readsAll(bob, MANY + 1);
        assertThat(numbers(carol.takeAll())).containsExactly(MANY);
    }

    @Test
    void aTopicThatGoesAndComesBackGivesItInOrder() {
        Client bob = subscriber("/topic/*");
        Client carol = subscriber("/topic/a");
        bob.connection().room(0);
        connect().sends(transaction("/topic/a", MANY));
        carol.sends("UNSUBSCRIBE\nid:/topic/a\n\n^@");
        connect().sends(send("/topic/a", "", MANY));
        readsAll(bob, MANY + 1);
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY + 1));
    }

    @Test
    void whatComesFromNoConnectionCostsNoSubscriberThatReads() {
        Client bob = subscriber("/topic/a");
        bob.connection().room(0);
        connectTo(loop);
        for (int i = 0; i < MANY; i++) {
            byte[] body = body(i).getBytes(UTF_8);
            // a loop's thread must not wait
            loop.run(() -> broker.publish("/topic/a", Headers.EMPTY, body));
            settle();
        }
        readsAll(bob, MANY);
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY));
    }

    @Test
    void aDrainClosesSubscribersBehindIt() {
        Client bob = subscriber("/topic/a");
        bob.connection().room(0);
        connect().sends(transaction("/topic/a", MANY));
        broker.drain(Duration.ZERO);
        settle();
        for (int i = 0; i < MANY / 10; i++) {
            bob.hasRoom(10 * (BODY + 100));
            pass(Duration.ofMillis(100));
        }
        bob.reads();
        List<Received> got = bob.takeAll();
        assertThat(numbers(got.subList(0, MANY))).isEqualTo(upTo(MANY));
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.RESTARTING);
    }

    @Test
    void aDrainClosesSubscribersAsSoonAsNothingWaits() {
        Client bob = subscriber("/topic/a");
        bob.connection().room(0);
        connect().sends(transaction("/topic/a", MANY));
        broker.drain(Duration.ZERO);
        settle();
        assertThat(bob.connection().closeCode()).isNull();
        bob.reads();
        assertThat(numbers(bob.takeAll().subList(0, MANY))).isEqualTo(upTo(MANY));
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.RESTARTING);
    }

    @Test
    void aDrainWaitsTenSecondsForASubscriberThatIsSlow() {
        Client bob = subscriber("/topic/a");
        bob.connection().room(0);
        connect().sends(transaction("/topic/a", MANY));
        broker.drain(Duration.ZERO);
        settle();
        for (int i = 0; i < 99; i++) {
            bob.hasRoom(2 * BODY);
            pass(Duration.ofMillis(100));
        }
        assertThat(bob.connection().closeCode()).isNull();
        bob.hasRoom(2 * BODY);
        pass(Duration.ofMillis(200));
        assertThat(bob.connection().closeCode()).isEqualTo(CloseCode.RESTARTING);
        bob.reads();
        assertThat(bob.takeAll()).hasSizeLessThan(MANY);
    }

    /** A compressed message of WebSocket may be as large, with many frames in it. */
    @Test
    void asMuchAsOneMessageMayBeIsKeptMeanwhile() {
        Client bob = subscriber("/topic/a");
        Client alice = connect();
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 3 * MANY; i++) {
            frames.append(send("/topic/a", "", i));
        }
        alice.feeds(frames.toString());
        assertThat(alice.connection().isSuspended()).isTrue();
        settle();
        alice.isOpen();
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(3 * MANY));
    }

    // ---- delayed to one moment --------------------------------------------------------------------------------------

    private void sendDelayed(Client client, int messages) {
        for (int i = 0; i < messages; i++) {
            client.sends(send("/topic/a", "delay:1000\n", i));
        }
    }

    @Test
    void messagesDelayedToOneMomentCostNoSubscriberThatReads() {
        Client bob = subscriber("/topic/a");
        bob.connection().room(0);
        sendDelayed(connect(), MANY);
        pass(Duration.ofMillis(1_100));
        readsAll(bob, MANY);
        assertThat(numbers(bob.takeAll())).isEqualTo(upTo(MANY));
    }

    @Test
    void ofMessagesDelayedToOneMomentATurnPublishesAHundred() {
        brokerWith(BrokerOptions.DEFAULT);
        Client alice = connect();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        sendDelayed(alice, 350);
        loop.advance(Duration.ofMillis(1_100));
        loop.takeTurn();
        for (int turns = 1; turns < 4; turns++) {
            loop.takeTurn();
            assertThat(alice.takeAll()).as("what turn %d published", turns).hasSize(100);
        }
        settle();
        assertThat(alice.takeAll()).hasSize(50);
    }
}
