package io.fanfare.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.LongJobs;
import io.fanfare.testing.AllocationMeter;
import io.fanfare.testing.HeapMeter;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns that match very many topics: neither joining nor leaving them takes a loop's time, and the barriers hold. */
class PatternJoinTest extends BrokerTest {

    private static final int TOPICS_OF_A_CLIENT = 1_000;

    /** Topics that clients name: t0, t1, ... */
    private void topics(int count) {
        Client client = connect();
        for (int i = 0; i < count; i++) {
            if (i % TOPICS_OF_A_CLIENT == 0) {
                client = connect();
            }
            client.feeds("SUBSCRIBE\nid:" + i + "\ndestination:/topic/t" + i + "\n\n^@");
        }
        settle();
    }

    /** A message to each of them, from one client. */
    private void publish(Client alice, int count, String body) {
        for (int i = 0; i < count; i++) {
            alice.feeds("SEND\ndestination:/topic/t" + i + "\n\n" + body + i + "^@");
        }
    }

    private static List<String> bodies(int count, String body) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(body + i);
        }
        return all;
    }

    /** The least that a SUBSCRIBE allocates, of several. */
    private long bytesOfASubscribe() {
        AllocationMeter meter = new AllocationMeter();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            Client bob = connect();
            byte[] subscribe = "SUBSCRIBE\nid:0\ndestination:/topic/#\n\n\0".getBytes(UTF_8);
            long before = meter.bytes();
            bob.feeds(subscribe);
            least = Math.min(least, meter.bytes() - before);
            bob.isLost();
        }
        return least;
    }

    @Test
    void aSubscribeByPatternCostsTheSameHoweverManyTopicsThereAre() {
        topics(10);
        long few = bytesOfASubscribe();
        topics(5_000);
        assertThat(bytesOfASubscribe()).as("bytes, with 10 topics %,d", few).isLessThan(few + 2_000);
    }

    @Test
    void theReceiptIsABarrierInBothDirections() {
        topics(3_000);
        Client alice = connect();
        Client bob = connectTo(otherLoop);
        publish(alice, 3_000, "before ");
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/#\nreceipt:r\n\n^@");
        publish(alice, 3_000, "after ");
        settle();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        assertThat(bob.takeBodies()).containsExactlyElementsOf(bodies(3_000, "after "));
    }

    @Test
    void theOutcomeCountsAMemberByPatternFromItsSubscribeOn() {
        topics(1);
        Client alice = connect();
        alice.sends("SEND\ndestination:/topic/t0\nreceipt:1\n\n^@");
        alice.got("RECEIPT\nreceipt-id:1\nmatched:1\ndelivered:1\n\n^@");
        Client bob = connectTo(otherLoop);
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/*\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/#\n\n^@");
        alice.sends("SEND\ndestination:/topic/t0\nreceipt:2\n\n^@");
        alice.got("RECEIPT\nreceipt-id:2\nmatched:3\ndelivered:3\n\n^@");
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@");
        alice.sends("SEND\ndestination:/topic/t0\nreceipt:3\n\n^@");
        alice.got("RECEIPT\nreceipt-id:3\nmatched:2\ndelivered:2\n\n^@");
    }

    @Test
    void leavingLooksAtABoundedNumberOfTopicsInATurn() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@");
        Client alice = connect();
        publish(alice, 5_000, "");
        settle();
        bob.takeAll();
        // the topic of the message that comes too late goes with that
        int before = broker.topicCount() - 1;
        bob.feeds("UNSUBSCRIBE\nid:0\nreceipt:r\n\n^@");
        alice.feeds("SEND\ndestination:/topic/t4999\n\ntoo late^@");
        for (int turns = 0; before > 0; turns++) {
            loop.takeTurn();
            assertThat(before - broker.topicCount())
                    .as("topics that turn %d let go of", turns)
                    .isBetween(1, LongJobs.STEPS_PER_TURN);
            before = broker.topicCount();
            if (turns == 0) {
                bob.got("RECEIPT\nreceipt-id:r\n\n^@");
            }
        }
        bob.gotNothing();
    }

    @Test
    void oneWhoComesBackInTheMiddleOfLeavingGetsEachMessageOnce() {
        topics(3_000);
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@");
        Client alice = connect();
        publish(alice, 3_000, "first ");
        settle();
        assertThat(bob.takeBodies()).hasSize(3_000);
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@");
        loop.takeTurn();
        bob.feeds("SUBSCRIBE\nid:0\ndestination:/topic/#\nreceipt:r\n\n^@");
        publish(alice, 3_000, "second ");
        loop.takeTurn();
        publish(alice, 3_000, "third ");
        settle();
        bob.got("RECEIPT\nreceipt-id:r\n\n^@");
        List<String> expected = bodies(3_000, "second ");
        expected.addAll(bodies(3_000, "third "));
        assertThat(bob.takeBodies()).containsExactlyElementsOf(expected);
    }

    @Test
    void aConnectionThatIsLostInTheMiddleOfLeavingLeavesNothing() {
        Client bob = connect();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/#\n\n^@SUBSCRIBE\nid:1\ndestination:/topic/*\n\n^@");
        publish(connect(), 3_000, "");
        settle();
        bob.feeds("UNSUBSCRIBE\nid:0\n\n^@");
        loop.takeTurn();
        bob.isLost();
        assertThat(broker.topicCount()).isZero();
    }

    @Test
    void manyThatLeaveAtOnceAreOneLook() {
        topics(2_000);
        Client bob = connect();
        for (int i = 0; i < TOPICS_OF_A_CLIENT; i++) {
            bob.feeds("SUBSCRIBE\nid:" + i + "\ndestination:/topic/*.x" + i + "\n\n^@");
        }
        settle();
        bob.feeds("DISCONNECT\n\n^@");
        int turns = 0;
        for (; loop.isAwake() || loop.isWaitedFor(); turns++) {
            loop.takeTurn();
        }
        assertThat(turns).isLessThan(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "client"})
    void quietTopicsDoNotKeepAConnectionThatHasLeft(String ack) {
        topics(100);
        WeakReference<Object> session = sessionThatListensAndLeaves(ack);
        settle();
        assertThat(HeapMeter.isFreed(session)).isTrue();
    }

    private WeakReference<Object> sessionThatListensAndLeaves(String ack) {
        BareClient bare = new BareClient(broker, loop);
        bare.sends("SUBSCRIBE\nid:0\ndestination:/topic/#\nack:" + ack + "\n\n\0");
        publish(connect(), 100, "");
        settle();
        assertThat(bare.received()).isEqualTo(101);
        bare.isLost();
        return new WeakReference<>(bare.session());
    }
}
