package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.retention.Coverage;
import io.fanfare.statistics.LoopCounts;
import io.fanfare.statistics.SlowAction;
import io.fanfare.testing.Received;
import io.fanfare.topic.BackloggedSubscriptions.Replayed;
import io.fanfare.topic.backlog.Backlog;
import io.fanfare.topic.backlog.DeliveryPolicy;
import io.fanfare.topic.backlog.DeliveryPolicy.Overflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits for one connection: until its socket has room, or until older messages have gone out. */
class BackloggedSubscriptionsTest extends TopicFixture {

    private static final int MAX_OUTBOX = 1 << 20;

    private final TestPeer peer = peer(MAX_OUTBOX);
    private final BackloggedSubscriptions backlogs = peer.backlogs();
    private final List<TestSubscription> all = new ArrayList<>();
    private long places;

    private TestSubscription subscription(String id, Overflow overflow) {
        return subscription(id, overflow, Integer.MAX_VALUE);
    }

    private TestSubscription subscription(String id, Overflow overflow, int maxPending) {
        TestSubscription one =
                new TestSubscription(peer, id, TOPIC).with(new DeliveryPolicy(overflow, maxPending, 0, null, false));
        all.add(one);
        return one;
    }

    private Message placed(String body) {
        Message message = message(body);
        message.place(1, ++places);
        return message;
    }

    private void add(TestSubscription subscription, String... bodies) {
        loop.run(() -> {
            for (String body : bodies) {
                backlogs.add(subscription, Backlog.Entry.of(TOPIC, placed(body)));
            }
        });
    }

    private boolean replayed(TestSubscription subscription, Replayed replayed) {
        boolean[] follows = new boolean[1];
        loop.run(() -> follows[0] = backlogs.replayed(subscription, replayed));
        return follows[0];
    }

    private static Replayed upTo(long sequence, long lost) {
        Coverage covered = Coverage.none();
        covered.put(TOPIC, new Coverage.Covered(sequence, false));
        return new Replayed(covered, lost);
    }

    private static String marked(Received each) {
        return each.header("subscription")
                + " "
                + each.text()
                + (each.has("dropped") ? " dropped:" + each.header("dropped") : "");
    }

    private List<String> marked() {
        return peer.take().stream().map(BackloggedSubscriptionsTest::marked).toList();
    }

    private long backlogsCounted() {
        Map<SlowAction, Long> sums = LoopCounts.zeros(SlowAction.class);
        loop.counts().addSlow(sums);
        return sums.get(SlowAction.BACKLOG);
    }

    @AfterEach
    void nothingIsCountedWhenAllHaveEnded() {
        all.forEach(each -> loop.run(each::end));
        drain();
        settle();
        assertThat(memory.bytes()).isZero();
    }

    // ---- full sockets ---------------------------------------------------------------------------------------------

    /** Something else waits for the socket. */
    private void fill(int bytes) {
        peer.hasRoom(0);
        loop.run(() -> peer.outbox().sendRaw(new byte[bytes], bytes));
        loop.takeTurn();
        assertThat(peer.outbox().isBlocked()).isTrue();
    }

    private void drain() {
        peer.connection().forgets();
        peer.hasRoom(Long.MAX_VALUE);
    }

    @Test
    void aMessageWaitsWhileTheSocketIsFullOrWouldNotTakeItOrEarlierOnesWait() {
        TestSubscription bob = subscription("b", Overflow.DROP_OLDEST);
        TestSubscription carol = subscription("c", Overflow.DROP_OLDEST);
        assertThat(backlogs.mustWait(bob, 10)).isFalse();
        assertThat(backlogs.mustWait(bob, 10L * MAX_OUTBOX)).as("nothing waits").isFalse();
        loop.run(() -> peer.outbox().sendRaw(new byte[10], 10));
        assertThat(backlogs.mustWait(bob, MAX_OUTBOX / 2 - 10)).isFalse();
        assertThat(backlogs.mustWait(bob, MAX_OUTBOX / 2 - 9))
                .as("half of the outbox")
                .isTrue();
        add(bob, "1");
        assertThat(backlogs.mustWait(bob, 10)).as("behind an earlier one").isTrue();
        assertThat(backlogs.mustWait(carol, 10)).isFalse();
        peer.hasRoom(0);
        loop.takeTurn();
        assertThat(backlogs.mustWait(carol, 10)).as("it is full").isTrue();
    }

    @Test
    void whatWaitsFollowsByTurnsWhenTheSocketHasTakenAll() {
        TestSubscription bob = subscription("b", Overflow.DROP_OLDEST);
        TestSubscription carol = subscription("c", Overflow.DROP_OLDEST);
        add(bob, "1", "2", "3");
        add(carol, "4");
        assertThat(backlogsCounted()).isEqualTo(2);
        assertThat(peer.take()).isEmpty();
        settle();
        assertThat(marked()).containsExactly("b 1", "c 4", "b 2", "b 3");
        assertThat(delivered()).isEqualTo(4);
        assertThat(memory.bytes()).isZero();
        assertThat(backlogs.mustWait(bob, 10)).isFalse();
        add(bob, "5");
        settle();
        assertThat(marked()).containsExactly("b 5");
        assertThat(backlogsCounted()).as("it had none left").isEqualTo(3);
    }

    @Test
    void eachTurnWritesAboutSixtyFourKibibytesOfIt() {
        TestSubscription bob = subscription("b", Overflow.DROP_OLDEST);
        String body = "x".repeat(8_000);
        add(bob, IntStream.range(0, 40).mapToObj(i -> body + i).toArray(String[]::new));
        List<Integer> parts = new ArrayList<>();
        while (loop.isWaitedFor()) {
            loop.takeTurn();
            parts.add(peer.take().size());
        }
        parts.removeIf(each -> each == 0);
        assertThat(parts).containsExactly(9, 9, 9, 9, 4);
    }

    @Test
    void aSocketThatFillsUpAgainGetsTheRestLater() {
        TestSubscription bob = subscription("b", Overflow.DROP_OLDEST);
        String body = "x".repeat(8_000);
        add(bob, IntStream.range(0, 40).mapToObj(i -> body + i).toArray(String[]::new));
        peer.hasRoom(100_000);
        settle();
        int first = peer.take().size();
        assertThat(first).isBetween(9, 12);
        peer.hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(peer.take()).hasSize(40 - first);
    }

    @Test
    void aLossIsToldByTheNextMessageAlsoWhereThatCouldGoAtOnce() {
        TestSubscription bob = subscription("b", Overflow.DROP_NEWEST, 1);
        add(bob, "1", "2", "3");
        settle();
        assertThat(marked()).containsExactly("b 1");
        assertThat(backlogs.mustWait(bob, 10)).as("two have been left out").isTrue();
        add(bob, "4");
        settle();
        assertThat(marked()).containsExactly("b 4 dropped:2");
        assertThat(backlogs.mustWait(bob, 10)).isFalse();
    }

    @Test
    void oneThatCanGoWithoutNothingIsTooSlowWhenMoreWaitsThanMayWait() {
        TestSubscription bob = subscription("b", Overflow.DISCONNECT);
        loop.run(() -> backlogs.hold(bob));
        String body = "x".repeat(MAX_OUTBOX / 2);
        add(bob, body);
        assertThat(peer.tooSlow()).isEmpty();
        add(bob, body);
        assertThat(peer.tooSlow()).hasSize(1).first().asString().contains("max_outbox_bytes");
    }

    @Test
    void oneThatMayGoWithoutMessagesIsNeverTooSlow() {
        TestSubscription bob = subscription("b", Overflow.DROP_OLDEST);
        String body = "x".repeat(MAX_OUTBOX / 2);
        add(bob, body, body, "last");
        assertThat(peer.tooSlow()).isEmpty();
        settle();
        List<Received> got = peer.take();
        assertThat(got.get(got.size() - 1).text()).isEqualTo("last");
    }

    @Test
    void whatWaitsForASubscriptionThatEndsIsThrownAway() {
        TestSubscription bob = subscription("b", Overflow.DROP_OLDEST);
        TestSubscription carol = subscription("c", Overflow.DROP_OLDEST);
        add(bob, "1", "2");
        add(carol, "3");
        loop.run(bob::end);
        settle();
        assertThat(marked()).containsExactly("c 3");
        assertThat(memory.bytes()).isZero();
        assertThat(backlogs.mustWait(bob, 10)).isFalse();
    }

    // ---- older messages first -------------------------------------------------------------------------------------

    @Test
    void whatComesWhileOlderMessagesGoOutFollowsThem() {
        TestSubscription bob = subscription("b", Overflow.DISCONNECT);
        assertThat(backlogs.isHeld(bob)).isFalse();
        loop.run(() -> backlogs.hold(bob));
        assertThat(backlogs.isHeld(bob)).isTrue();
        assertThat(backlogs.isHeld(subscription("c", Overflow.DISCONNECT))).isFalse();
        add(bob, "1", "2", "3");
        settle();
        assertThat(marked()).as("they go on").isEmpty();
        assertThat(replayed(bob, upTo(2, 0))).isTrue();
        add(bob, "4");
        settle();
        assertThat(marked()).as("two were among them").containsExactly("b 3", "b 4");
        assertThat(delivered()).isEqualTo(2);
        assertThat(backlogs.isHeld(bob)).isFalse();
        assertThat(backlogsCounted()).as("it is not slow").isZero();
    }

    @Test
    void whereNothingCameMeanwhileNothingFollows() {
        TestSubscription bob = subscription("b", Overflow.DISCONNECT);
        loop.run(() -> backlogs.hold(bob));
        assertThat(replayed(bob, upTo(2, 0))).isFalse();
        assertThat(backlogs.isHeld(bob)).isFalse();
        settle();
        assertThat(marked()).isEmpty();
    }

    @Test
    void aLossAmongTheOlderOnesIsToldOnceByTheFirstThatFollows() {
        TestSubscription bob = subscription("b", Overflow.DISCONNECT);
        loop.run(() -> backlogs.hold(bob));
        add(bob, "1", "2", "3");
        assertThat(replayed(bob, upTo(1, 7))).isTrue();
        settle();
        assertThat(marked()).containsExactly("b 2 dropped:7", "b 3");
        assertThat(backlogs.isHeld(bob)).isFalse();
    }

    @Test
    void aLossAmongTheOlderOnesIsToldByTheNextThatComes() {
        TestSubscription bob = subscription("b", Overflow.DISCONNECT);
        loop.run(() -> backlogs.hold(bob));
        assertThat(replayed(bob, upTo(0, 7))).isFalse();
        settle();
        assertThat(backlogs.isHeld(bob)).as("the next one must wait, and tell").isTrue();
        add(bob, "1");
        settle();
        assertThat(marked()).containsExactly("b 1 dropped:7");
        assertThat(backlogs.isHeld(bob)).isFalse();
    }

    @Test
    void aLossIsStillToBeToldWhenAllThatFollowedWasAmongTheOlderOnes() {
        TestSubscription bob = subscription("b", Overflow.DISCONNECT);
        loop.run(() -> backlogs.hold(bob));
        add(bob, "1");
        replayed(bob, upTo(1, 7));
        settle();
        assertThat(marked()).isEmpty();
        assertThat(backlogs.isHeld(bob)).isTrue();
        add(bob, "2");
        settle();
        assertThat(marked()).containsExactly("b 2 dropped:7");
    }

    @Test
    void messagesOfOtherTopicsWereNotAmongTheOlderOnes() {
        TestSubscription bob = subscription("b", Overflow.DISCONNECT);
        loop.run(() -> backlogs.hold(bob));
        Message message = placed("1");
        loop.run(() -> backlogs.add(bob, Backlog.Entry.of(Destination.topic("x"), message)));
        replayed(bob, upTo(5, 0));
        settle();
        assertThat(marked()).containsExactly("b 1");
    }

    @Test
    void theEndOfAReplayWhoseSubscriptionHasEndedBringsNothingBack() {
        TestSubscription bob = subscription("b", Overflow.DISCONNECT);
        loop.run(() -> backlogs.hold(bob));
        add(bob, "1");
        loop.run(bob::end);
        assertThat(backlogs.isHeld(bob)).isFalse();
        assertThat(replayed(bob, upTo(0, 7))).isFalse();
        assertThat(backlogs.isHeld(bob)).isFalse();
        settle();
        assertThat(marked()).isEmpty();
    }

    // ---- the outbox has drained -----------------------------------------------------------------------------------

    @Test
    void whatWaitsForTheOutboxToDrainGoesOnOnceWhenItHas() {
        fill(1_000);
        List<String> ran = new ArrayList<>();
        backlogs.whenDrained(() -> ran.add("one"));
        backlogs.whenDrained(() -> {
            ran.add("two");
            backlogs.whenDrained(() -> ran.add("three"));
        });
        loop.takeTurn();
        assertThat(ran).isEmpty();
        drain();
        loop.takeTurn();
        assertThat(ran).containsExactly("one", "two");
        loop.run(() -> peer.outbox().touch());
        settle();
        assertThat(ran).containsExactly("one", "two", "three");
    }
}
