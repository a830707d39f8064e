package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.loop.TurnBuffer;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Sender;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.selector.Selector;
import io.fanfare.topic.backlog.DeliveryPolicy;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Subscribers that get the same bytes: who gets which messages of a run, and how many deliveries that counts as. */
class AudienceTest extends TopicFixture {

    private static final DeliveryPolicy DROP_OLDEST =
            new DeliveryPolicy(Overflow.DROP_OLDEST, Integer.MAX_VALUE, 0, null, false);
    private static final DeliveryPolicy ONE_A_SECOND =
            new DeliveryPolicy(Overflow.CONFLATE, Integer.MAX_VALUE, 1, "*", false);

    private List<TestSubscription> subscribers(int count) {
        return IntStream.range(0, count).mapToObj(i -> subscribed(TOPIC)).toList();
    }

    private static List<String> bodies(TestSubscription subscription) {
        return subscription.peer().bodies();
    }

    private static MessageFilter selecting(String selector) {
        return MessageFilter.of(Selector.parse(selector), null);
    }

    @Test
    void eachGetsWhatIsPublishedBehindItsJoiningAndThatIsWhatCounts() {
        TestSubscription first = subscribed(TOPIC);
        publish("1");
        TestSubscription second = subscribed(TOPIC);
        publish("2", "3");
        TestSubscription third = subscribed(TOPIC);
        publish("4");
        settle();
        assertThat(bodies(first)).containsExactly("1", "2", "3", "4");
        assertThat(bodies(second)).containsExactly("2", "3", "4");
        assertThat(bodies(third)).containsExactly("4");
        assertThat(delivered()).isEqualTo(8);
    }

    @Test
    void whenTheLastToJoinHasLeftTheOthersGetAllOfARun() {
        TestSubscription first = subscribed(TOPIC);
        publish("1");
        TestSubscription second = subscribed(TOPIC);
        publish("2");
        unsubscribe(second);
        publish("3");
        settle();
        assertThat(bodies(first)).containsExactly("1", "2", "3");
        assertThat(bodies(second)).isEmpty();
        assertThat(delivered()).isEqualTo(3);
    }

    @Test
    void aRunOfMoreThanTheBufferTakesComesWholeToEachAndCountsOnce() {
        List<TestSubscription> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(subscribe(new TestSubscription(peer(64 << 20), "0", TOPIC)));
        }
        String body = "x".repeat(TurnBuffer.SLAB_BYTES / 10);
        String[] bodies = IntStream.range(0, 35).mapToObj(i -> body + i).toArray(String[]::new);
        publishNow(bodies);
        for (TestSubscription each : all) {
            assertThat(bodies(each)).containsExactly(bodies);
        }
        assertThat(delivered()).isEqualTo(3L * bodies.length);
    }

    @Test
    void messagesThatTheFilterLeavesOutAreNeitherSentNorCounted() {
        TestSubscription even = subscribe(new TestSubscription(peer(), "0", TOPIC).with(selecting("n = 'even'")));
        TestSubscription odd = subscribe(new TestSubscription(peer(), "0", TOPIC).with(selecting("n = 'odd'")));
        Message[] run = IntStream.range(0, 9)
                .mapToObj(i -> message("" + i, "n", i % 2 == 0 ? "even" : "odd"))
                .toArray(Message[]::new);
        publish(TOPIC, run);
        settle();
        assertThat(bodies(even)).containsExactly("0", "2", "4", "6", "8");
        assertThat(bodies(odd)).containsExactly("1", "3", "5", "7");
        assertThat(delivered()).isEqualTo(9);
    }

    @Test
    void whoJoinsAndLeavesInAnyOrderGetsWhatIsPublishedMeanwhile() {
        List<TestSubscription> there = new ArrayList<>(subscribers(20));
        Collections.shuffle(there, new Random(1));
        int count = 0;
        while (!there.isEmpty()) {
            TestSubscription leaving = there.remove(0);
            unsubscribe(leaving);
            publishNow("" + count);
            assertThat(bodies(leaving)).isEmpty();
            for (TestSubscription each : there) {
                assertThat(bodies(each)).containsExactly("" + count);
            }
            count++;
        }
        assertThat(topics.count()).isZero();
        assertThat(delivered()).isEqualTo(19 * 20 / 2);
    }

    @Test
    void manyThatLeaveTakeNothingFromTheLast() {
        List<TestSubscription> all = subscribers(300);
        all.subList(0, 299).forEach(this::unsubscribe);
        publishNow("1");
        assertThat(bodies(all.get(299))).containsExactly("1");
        assertThat(delivered()).isEqualTo(1);
    }

    @Test
    void subscribersOfSeveralKindsEachHaveTheirBytes() {
        TestSubscription plain = subscribed(TOPIC);
        TestSubscription other = subscribe(new TestSubscription(peer(), "1", TOPIC));
        Sender sender = new Sender(new DestinationQuota(10));
        TestSubscription notLocal =
                subscribe(new TestSubscription(peer(), "0", TOPIC).with(MessageFilter.of(null, sender)));
        publish(TOPIC, message("1").from(sender));
        publishNow("2");
        assertThat(plain.peer().take())
                .extracting(each -> each.header("subscription"))
                .containsExactly("0", "0");
        assertThat(other.peer().take())
                .extracting(each -> each.header("subscription"))
                .containsExactly("1", "1");
        assertThat(bodies(notLocal)).containsExactly("2");
    }

    // ---- slow sockets ---------------------------------------------------------------------------------------------

    @Test
    void aSlowOneThatMayGoWithoutMessagesGetsTheRestLaterAndTheOthersGetAllAtOnce() {
        TestSubscription slow = subscribe(new TestSubscription(peer(), "0", TOPIC)
                .with(new DeliveryPolicy(Overflow.DROP_OLDEST, 2, 0, null, false)));
        TestSubscription quick = subscribe(new TestSubscription(peer(), "0", TOPIC)
                .with(new DeliveryPolicy(Overflow.DROP_OLDEST, 2, 0, null, false)));
        slow.peer().hasRoom(0);
        publishNow("1");
        publishNow("2", "3", "4");
        assertThat(bodies(quick)).containsExactly("1", "2", "3", "4");
        assertThat(delivered()).as("1 is on its way to the slow one").isEqualTo(5);
        slow.peer().hasRoom(1 << 20);
        settle();
        assertThat(slow.peer().take())
                .extracting(each -> each.text() + " dropped:" + each.find("dropped"))
                .containsExactly("1 dropped:null", "3 dropped:1", "4 dropped:null");
        assertThat(delivered()).isEqualTo(7);
    }

    @Test
    void forASlowOneARunIsOneStep() {
        TestSubscription slow = subscribe(new TestSubscription(peer(), "0", TOPIC).with(DROP_OLDEST));
        String[] bodies = IntStream.range(0, 100).mapToObj(Integer::toString).toArray(String[]::new);
        slow.peer().hasRoom(0);
        publishNow("first");
        int before = slow.looks();
        publishNow(bodies);
        assertThat(slow.looks() - before).as("looks at its backlogs").isLessThan(5);
        slow.peer().hasRoom(1 << 20);
        settle();
        assertThat(bodies(slow)).hasSize(101).endsWith(bodies);
    }

    @Test
    void ofARunOneThatMayGoWithoutMessagesGetsAtOnceWhatItsOutboxHasRoomFor() {
        TestSubscription small = subscribe(new TestSubscription(peer(20_000), "0", TOPIC).with(DROP_OLDEST));
        small.peer().hasRoom(0);
        publishNow(IntStream.range(0, 15).mapToObj(i -> "x".repeat(1_000)).toArray(String[]::new));
        assertThat(delivered()).as("half of the outbox").isBetween(8L, 9L);
        small.peer().hasRoom(1 << 20);
        settle();
        assertThat(bodies(small)).hasSize(15);
        assertThat(delivered()).isEqualTo(15);
        assertThat(small.peer().tooSlow()).isEmpty();
    }

    @Test
    void oneThatMayGoWithoutMessagesAndJoinsInTheMiddleOfARunIsToldOfNoLossBefore() {
        TestSubscription early = subscribe(new TestSubscription(peer(), "0", TOPIC).with(DROP_OLDEST));
        publish("1");
        TestSubscription late = subscribe(new TestSubscription(peer(), "0", TOPIC).with(DROP_OLDEST));
        publish("2");
        settle();
        assertThat(bodies(early)).containsExactly("1", "2");
        assertThat(bodies(late)).containsExactly("2");
        assertThat(delivered()).isEqualTo(3);
    }

    @Test
    void thePublisherOfWhatWaitsForAFullSocketWaitsUnlessTheSubscriberGoesWithoutIt() {
        for (DeliveryPolicy policy : List.of(DeliveryPolicy.NONE, DROP_OLDEST)) {
            TestSubscription full = subscribe(new TestSubscription(peer(20_000), "0", TOPIC).with(policy));
            full.peer().hasRoom(0);
            Sender sender = new Sender(new DestinationQuota(10));
            Sender other = new Sender(new DestinationQuota(10));
            for (int i = 0; i < 15; i++) {
                publish(TOPIC, message("x".repeat(1_000)).from(other));
                settle();
            }
            publish(TOPIC, message("x").from(sender));
            settle();
            assertThat(sender.mustWait()).as(policy.overflow().toString()).isEqualTo(!policy.mayDrop());
            full.peer().hasRoom(1 << 20);
            settle();
            assertThat(sender.mustWait()).as("it has read all").isFalse();
            unsubscribe(full);
        }
    }

    @Test
    void eachPublisherOfARunWaitsWhoseMessageTheFilterAccepts() {
        TestSubscription quick = subscribe(new TestSubscription(peer(), "0", TOPIC).with(selecting("n = 'x'")));
        TestSubscription full = subscribe(new TestSubscription(peer(20_000), "0", TOPIC).with(selecting("n = 'x'")));
        full.peer().hasRoom(0);
        Sender other = new Sender(new DestinationQuota(10));
        for (int i = 0; i < 15; i++) {
            publish(TOPIC, message("x".repeat(1_000), "n", "x").from(other));
            settle();
        }
        Sender[] senders = IntStream.range(0, 4)
                .mapToObj(i -> new Sender(new DestinationQuota(10)))
                .toArray(Sender[]::new);
        publish(
                TOPIC,
                message("0", "n", "x").from(senders[0]),
                message("1", "n", "y").from(senders[1]),
                message("2", "n", "x").from(senders[2]),
                message("3", "n", "x").from(senders[3]));
        settle();
        assertThat(Arrays.stream(senders).map(Sender::mustWait)).containsExactly(true, false, true, true);
        assertThat(bodies(quick)).hasSize(18);
    }

    // ---- at a rate ------------------------------------------------------------------------------------------------

    @Test
    void oneThatJoinsWhileAMessageWaitsForItsTurnHasNoPartInIt() {
        TestSubscription early = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        publishNow("1");
        publishNow("2");
        TestSubscription late = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        pass(Duration.ofSeconds(2));
        assertThat(bodies(early)).containsExactly("1", "2");
        assertThat(bodies(late)).isEmpty();
        assertThat(delivered()).isEqualTo(2);
    }

    @Test
    void oneThatJoinsInTheMiddleOfWhatIsConflatedIsToldNothingOfThat() {
        TestSubscription early = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        publishNow("1");
        publishNow("2");
        TestSubscription late = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        publishNow("3");
        loop.advance(Duration.ofSeconds(2));
        loop.takeTurn();
        assertThat(early.peer().take())
                .extracting(each -> each.text() + " conflated:" + each.find("conflated"))
                .containsExactly("1 conflated:null", "3 conflated:1");
        assertThat(late.peer().take())
                .extracting(each -> each.text() + " conflated:" + each.find("conflated"))
                .containsExactly("3 conflated:null");
        assertThat(delivered()).isEqualTo(3);
    }

    @Test
    void aSlowOneThatJoinsInTheMiddleOfWhatIsConflatedGetsItLaterWithoutACount() {
        TestSubscription early = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        publishNow("1");
        publishNow("2");
        TestPeer slow = peer();
        TestSubscription late = subscribe(new TestSubscription(slow, "0", TOPIC).with(ONE_A_SECOND));
        TestSubscription filler = subscribe(new TestSubscription(slow, "f", Destination.topic("f")));
        slow.hasRoom(0);
        publish(Destination.topic("f"), message("f"));
        settle();
        publishNow("3");
        pass(Duration.ofSeconds(2));
        assertThat(bodies(early)).containsExactly("1", "3");
        assertThat(bodies(late)).isEmpty();
        slow.hasRoom(1 << 20);
        settle();
        assertThat(slow.take())
                .extracting(each -> each.text() + " conflated:" + each.find("conflated"))
                .containsExactly("f conflated:null", "3 conflated:null");
        unsubscribe(filler);
    }

    @Test
    void aMessageFromBeforeAllHaveJoinedTakesNoTurn() {
        TestSubscription keeper = subscribed(TOPIC);
        publish("1");
        TestSubscription paced = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        publish("2");
        settle();
        assertThat(bodies(paced)).containsExactly("2");
        assertThat(bodies(keeper)).containsExactly("1", "2");
    }

    @Test
    void pacedOnesOfOtherDestinationsHaveTurnsOfTheirOwn() {
        Destination other = Destination.topic("c");
        TestSubscription one = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        publishNow("1");
        TestSubscription two = subscribe(new TestSubscription(peer(), "0", TOPIC, other).with(ONE_A_SECOND));
        publishNow("2");
        assertThat(bodies(one)).containsExactly("1");
        assertThat(bodies(two)).as("its first").containsExactly("2");
        pass(Duration.ofSeconds(2));
        assertThat(bodies(one)).containsExactly("2");
    }

    @Test
    void whenTheLastPacedOneLeavesNothingIsHeldForIt() {
        TestSubscription keeper = subscribed(TOPIC);
        TestSubscription paced = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        publishNow("1");
        publishNow("2");
        assertThat(memory.bytes()).isPositive();
        unsubscribe(paced);
        assertThat(memory.bytes()).isZero();
        TestSubscription next = subscribe(new TestSubscription(peer(), "0", TOPIC).with(ONE_A_SECOND));
        publishNow("3");
        assertThat(bodies(next)).containsExactly("3");
        assertThat(bodies(keeper)).containsExactly("1", "2", "3");
    }
}
