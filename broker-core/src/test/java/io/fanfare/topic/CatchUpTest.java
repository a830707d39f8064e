package io.fanfare.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.topic.CatchUp.Member;
import io.fanfare.topic.CatchUp.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Messages that several subscriptions get before live ones: a part at a time, to some of them in each turn. */
class CatchUpTest extends TopicFixture {

    private static final int PART_BYTES = 32 << 10;

    /** What a write of a part takes. */
    private static final int STEPS_OF_A_PART = 4 + PART_BYTES / (4 << 10);

    private static final String BODY = "x".repeat(1_000);

    private final List<TestSubscription> all = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private CatchUp members;
    private Sender sender;

    /** Sends so many messages to them, one in a step. */
    private final class Sender implements CatchUp.Source {

        private final CatchUp its;
        private final int count;
        private int next;
        private int partBegan;
        private int encoded;
        private Progress progress = Progress.MORE_TO_SEND;

        Sender(CatchUp its, int next, int count) {
            this.its = its;
            this.next = next;
            this.count = count;
        }

        @Override
        public boolean run(int steps) {
            progress = its.send(this, steps);
            return progress == Progress.MORE_TO_SEND;
        }

        @Override
        public int encode(int steps) {
            partBegan = next;
            int taken = 0;
            while (taken < steps && !its.isPartFull() && next < count) {
                assertThat(its.roomInPart()).isBetween(1L, (long) PART_BYTES);
                its.encode(message(BODY + next), Headers.of("n", "" + next));
                next++;
                taken++;
                encoded++;
            }
            return Math.max(1, taken);
        }

        @Override
        public boolean isAtEnd() {
            return next == count;
        }

        @Override
        public CatchUp.Source fromPart(Member member) {
            CatchUp alone = new CatchUp(brokerLoop, member.subscriber().encoding());
            alone.add(member);
            return new Sender(alone, partBegan, count);
        }
    }

    /** So many subscriptions, which are to get so many messages. */
    private void members(int count, int messages) {
        members(count, messages, 1 << 20);
    }

    private void members(int count, int messages, long maxOutboxBytes) {
        loop.run(() -> {
            for (int i = 0; i < count; i++) {
                TestSubscription one = new TestSubscription(peer(maxOutboxBytes), "0", TOPIC);
                if (i == 0) {
                    members = new CatchUp(brokerLoop, one.encoding());
                }
                one.backlogs().hold(one);
                int number = i;
                members.add(new Member(one, () -> told.add("" + number)));
                all.add(one);
            }
            sender = new Sender(members, 0, messages);
        });
    }

    private Progress send(int steps) {
        loop.run(() -> sender.run(steps));
        return sender.progress;
    }

    private void end(int number) {
        loop.run(all.get(number)::end);
    }

    private static List<String> bodies(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> BODY + i).toList();
    }

    private static int messagesOfAPart() {
        // a message is a little more than its body
        return PART_BYTES / 1_100;
    }

    @Test
    void theOnlyOneGetsAllInPartsOfThirtyTwoKibibytes() {
        members(1, 100);
        assertThat(members.isShared()).isFalse();
        assertThat(send(1_000)).isEqualTo(Progress.ALL_SENT);
        loop.takeTurn();
        assertThat(all.get(0).peer().bodies()).isEqualTo(bodies(0, 100));
        assertThat(all.get(0).peer().connection().writes()).hasSize(4).allMatch(bytes -> bytes < PART_BYTES + 1_200);
        assertThat(all.get(0).peer().connection().writes().subList(0, 3)).allMatch(bytes -> bytes >= PART_BYTES);
        assertThat(delivered()).isEqualTo(100);
    }

    @Test
    void aPartIsEncodedOnceForAllAndWrittenToAsManyAsTheStepsAllow() {
        members(10, 1_000);
        assertThat(members.isShared()).isTrue();
        assertThat(send(messagesOfAPart() + 5)).isEqualTo(Progress.MORE_TO_SEND);
        int before = sender.encoded;
        assertThat(before).isBetween(messagesOfAPart() - 1, messagesOfAPart() + 4);
        List<Integer> written = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            send(2 * STEPS_OF_A_PART);
            written.add((int) all.stream()
                    .filter(each -> !each.peer().connection().writes().isEmpty())
                    .count());
        }
        assertThat(written.get(1) - written.get(0)).isEqualTo(2);
        assertThat(written.get(2) - written.get(1)).isEqualTo(2);
        assertThat(sender.encoded).as("the part goes to all first").isEqualTo(before);
        assertThat(loop.outboxBytes()).as("it is held once").isBetween((long) PART_BYTES, PART_BYTES + 1_200L);
        while (send(100) == Progress.MORE_TO_SEND) {
            loop.takeTurn();
        }
        loop.takeTurn();
        assertThat(sender.encoded).isEqualTo(1_000);
        for (TestSubscription each : all) {
            assertThat(each.peer().bodies()).isEqualTo(bodies(0, 1_000));
        }
        assertThat(delivered()).isEqualTo(10_000);
        assertThat(loop.outboxBytes()).isZero();
    }

    @Test
    void thoseThatEndGetNoMoreAndTheOthersAll() {
        members(5, 100);
        send(messagesOfAPart());
        end(0);
        end(3);
        while (send(100) == Progress.MORE_TO_SEND) {
            continue;
        }
        loop.takeTurn();
        for (int i : new int[] {1, 2, 4}) {
            assertThat(all.get(i).peer().bodies()).isEqualTo(bodies(0, 100));
        }
        assertThat(all.get(3).peer().bodies()).hasSizeLessThan(50);
    }

    @Test
    void whenTheOnlyOneHasEndedNothingIsEncoded() {
        members(1, 100);
        end(0);
        assertThat(send(1_000)).isEqualTo(Progress.ALL_HAVE_LEFT);
        assertThat(sender.encoded).isZero();
    }

    @Test
    void whenAllHaveEndedThereIsNothingMoreToSend() {
        members(2, 100);
        send(messagesOfAPart());
        end(0);
        end(1);
        assertThat(send(1_000)).isEqualTo(Progress.ALL_HAVE_LEFT);
        assertThat(sender.encoded).isLessThan(100);
        assertThat(loop.outboxBytes()).isZero();
    }

    @Test
    void manyThatHaveEndedArePassedOverInSeveralTurns() {
        members(500, 1);
        IntStream.range(0, 500).forEach(this::end);
        for (int i = 0; i < 4; i++) {
            assertThat(send(100)).isEqualTo(Progress.MORE_TO_SEND);
        }
        assertThat(send(1_000)).isEqualTo(Progress.ALL_HAVE_LEFT);
    }

    @Test
    void manyWithoutRoomForAPartAreSetAsideInSeveralTurns() {
        members(500, 1, PART_BYTES);
        all.forEach(each -> each.peer().hasRoom(0));
        loop.run(() -> all.forEach(each -> each.outbox().sendRaw(new byte[] {'\n'}, 1)));
        for (int i = 0; i < 4; i++) {
            assertThat(send(100)).isEqualTo(Progress.MORE_TO_SEND);
        }
        assertThat(send(1_000)).isEqualTo(Progress.ALL_HAVE_LEFT);
    }

    @Test
    void theOnlyOneWaitsUntilItsSocketHasTakenAll() {
        members(1, 2_000);
        TestPeer peer = all.get(0).peer();
        peer.hasRoom(100_000);
        Progress progress = Progress.MORE_TO_SEND;
        while (progress == Progress.MORE_TO_SEND) {
            progress = send(1_000);
            loop.takeTurn();
        }
        assertThat(progress).isEqualTo(Progress.ALL_HAVE_LEFT);
        assertThat(sender.encoded).as("half of its outbox").isLessThan(700);
        peer.hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(sender.progress).isEqualTo(Progress.ALL_SENT);
        assertThat(peer.bodies()).isEqualTo(bodies(0, 2_000));
    }

    @Test
    void oneWhoseSocketIsFullGoesOnAloneAndTheOthersDoNotWait() {
        members(3, 2_000);
        TestPeer slow = all.get(1).peer();
        slow.hasRoom(0);
        while (send(1_000) == Progress.MORE_TO_SEND) {
            loop.takeTurn();
        }
        loop.takeTurn();
        assertThat(sender.progress).isEqualTo(Progress.ALL_SENT);
        assertThat(all.get(0).peer().bodies()).isEqualTo(bodies(0, 2_000));
        assertThat(all.get(2).peer().bodies()).isEqualTo(bodies(0, 2_000));
        assertThat(slow.bodies()).isEmpty();
        slow.hasRoom(Long.MAX_VALUE);
        settle();
        assertThat(slow.bodies()).isEqualTo(bodies(0, 2_000));
        assertThat(delivered()).isEqualTo(6_000);
    }

    @Test
    void theEndIsToldToThoseThatAreStillThereAndLiveMessagesFollow() {
        members(3, 1);
        send(1_000);
        end(1);
        loop.run(() -> {
            all.get(0).backlogs().add(all.get(0), Backlog.Entry.of(TOPIC, message("live")));
            members.goLive(true);
        });
        assertThat(told).as("behind what was published before").isEmpty();
        settle();
        assertThat(told).containsExactly("0", "2");
        assertThat(all.get(0).peer().bodies()).containsExactly(BODY + 0, "live");
        assertThat(all.get(0).backlogs().isHeld(all.get(0))).isFalse();
        assertThat(all.get(2).backlogs().isHeld(all.get(2))).isFalse();
    }

    @Test
    void manyGoLiveOverSeveralTurns() {
        members(500, 1);
        while (send(1_000) == Progress.MORE_TO_SEND) {
            continue;
        }
        loop.run(() -> members.goLive(true));
        loop.takeTurn();
        // the first hundred steps come at once, and then a turn's; each that is told takes four
        assertThat(told.size()).isBetween(200, 300);
        settle();
        assertThat(told).hasSize(500);
    }

    @Test
    void fewerGoLiveInATurnWhereMessagesFollow() {
        members(500, 1);
        while (send(1_000) == Progress.MORE_TO_SEND) {
            continue;
        }
        loop.run(() -> {
            all.forEach(each -> each.backlogs().add(each, Backlog.Entry.of(TOPIC, message("live"))));
            members.goLive(true);
        });
        loop.takeTurn();
        assertThat(told.size()).isBetween(50, 150);
        settle();
        assertThat(told).hasSize(500);
        assertThat(all.get(499).peer().bodies()).containsExactly(BODY + 0, "live");
    }

    @Test
    void whereTheEndIsNotToldNobodyHearsIt() {
        members(2, 1);
        send(1_000);
        loop.run(() -> members.goLive(false));
        settle();
        assertThat(told).isEmpty();
        assertThat(all.get(1).backlogs().isHeld(all.get(1))).isFalse();
    }
}
