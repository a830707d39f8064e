package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.LongJobs;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.options.QueueOptions;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a queue holds and counts when consumers leave it, and when it is given up itself. */
class QueueEndsTest extends QueueFixture {

    private void isUsedNoMore() {
        assertThat(queue.reserve(List.of(message("late")))).isFalse();
        assertThat(queue.subscribe(new QueueConsumer(queue, new TestSubscriber(loop, 1), MessageFilter.ALL)))
                .isFalse();
        queue.offer(message("late"));
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void whatAConsumerHasNotSettledStaysItsOwnBehindUnsubscribe() {
        QueueConsumer first = consumer(2);
        queue.offer(message("1"));
        queue.offer(message("2"));
        List<QueueEntry> held = taken();
        long size = held.get(0).message().size() + Contents.ENTRY_BYTES;
        queue.unsubscribe(first);

        assertThat(queue.statistics().consumers()).isZero();
        assertThat(queue.statistics().unacknowledged()).isEqualTo(2);
        assertThat(memory.bytes()).isEqualTo(2 * size);
        QueueConsumer second = consumer(9);
        assertThat(taken()).isEmpty();
        queue.settle(first, held.subList(0, 1));
        assertThat(queue.statistics().unacknowledged()).isEqualTo(1);
        assertThat(memory.bytes()).isEqualTo(size);
        queue.unsubscribe(second);
        assertThat(queue.retireIfUnused()).as("one waits for its ACK").isFalse();
        queue.settle(first, held.subList(1, 2));
        assertThat(memory.bytes()).isZero();
        assertThat(queue.retireIfUnused()).isTrue();
        isUsedNoMore();
    }

    @Test
    void aConsumerThatHasLeftGetsNoMoreMessages() {
        QueueConsumer first = consumer(1);
        queue.offer(message("1"));
        List<QueueEntry> held = taken();
        queue.unsubscribe(first);
        queue.settle(first, held);
        queue.offer(message("2"));

        assertThat(taken()).isEmpty();
        assertThat(queue.statistics().ready()).isEqualTo(1);
    }

    @Test
    void whatAConsumerLeavesGoesToAnotherBeforeNewerOnesAndCountsOn() {
        QueueConsumer first = consumer(2);
        queue.offer(message("1"));
        queue.offer(message("2"));
        List<QueueEntry> held = taken();
        queue.offer(message("3"));
        long all = memory.bytes();

        assertThat(queue.leave(first, held)).isEmpty();
        assertThat(memory.bytes()).isEqualTo(all);
        assertThat(queue.statistics().ready()).isEqualTo(3);
        consumer(9);
        assertThat(taken()).extracting(QueueEndsTest::name).containsExactly("1", "2", "3");
    }

    @Test
    void aConsumerThatLeavesWithItsMessagesGetsNoneOfThemBack() {
        QueueConsumer only = consumer(5);
        queue.offer(message("1"));
        List<QueueEntry> held = taken();
        long before = queue.steps().all();
        queue.leave(only, held);

        assertThat(taken()).isEmpty();
        assertThat(queue.statistics().consumers()).isZero();
        assertThat(queue.statistics().ready()).isEqualTo(1);
        assertThat(queue.steps().all() - before)
                .as("what comes back counts as work")
                .isEqualTo(1);
    }

    @Test
    void whatFillHandsOutIsItsOwn() {
        consumer(1);
        queue.offer(message("1"));
        List<Message> second = List.of(message("2"));
        queue.reserve(second);

        assertThat(queue.fill(second)).isEqualTo(new Outcome(1, 0, 1, 0));
    }

    @Test
    void ofMessagesThatComeTogetherTheOneOfHigherPriorityGoesFirst() {
        consumer(1);
        SendProperties urgent = new SendProperties(9, SendProperties.NEVER, 0, null);
        List<Message> both =
                List.of(message("1"), new Message(Headers.of("n", "urgent"), new byte[10], 0, urgent, null));
        queue.reserve(both);
        queue.fill(both);

        assertThat(taken()).extracting(QueueEndsTest::name).containsExactly("urgent");
    }

    @Test
    void whatAConsumerLeavesWhileAnotherWaitsReachesItAtOnce() {
        QueueConsumer first = consumer(1);
        queue.offer(message("1"));
        List<QueueEntry> held = taken();
        consumer(1);
        queue.leave(first, held);

        assertThat(taken()).extracting(QueueEndsTest::name).containsExactly("1");
    }

    @Test
    void whatIsGivenBackMakesRoomForItsConsumerAgain() {
        QueueConsumer only = consumer(1);
        queue.offer(message("1"));
        List<QueueEntry> held = taken();
        queue.giveBack(only, held);

        assertThat(taken()).extracting(QueueEndsTest::name).containsExactly("1");
        assertThat(taken()).isEmpty();
    }

    @Test
    void whatHasBeenDeliveredTooOftenLeavesTheQueue() {
        queue = newQueue(
                Destination.queue("q"), QueueOptions.builder().maxDeliveries(2).build());
        QueueConsumer only = consumer(1);
        queue.offer(message("1"));
        List<QueueEntry> held = taken();
        assertThat(queue.giveBack(only, held)).as("once").isEmpty();
        held = taken();

        assertThat(queue.giveBack(only, held)).isEqualTo(held);
        assertThat(taken()).isEmpty();
        assertThat(memory.bytes()).isZero();
        assertThat(queue.statistics().unacknowledged()).isZero();
    }

    @Test
    void whatIsRejectedOrLeftTooOftenLeavesTheQueueToo() {
        queue = newQueue(
                Destination.queue("q"), QueueOptions.builder().maxDeliveries(1).build());
        QueueConsumer only = consumer(1);
        queue.offer(message("1"));
        List<QueueEntry> first = taken();
        assertThat(queue.giveBackLater(only, first, 1_000, 0)).isEqualTo(first);
        assertThat(queue.redeliveries().count()).isZero();
        queue.offer(message("2"));
        List<QueueEntry> second = taken();

        assertThat(queue.leave(only, second)).isEqualTo(second);
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void deadLettersComeAgainHoweverOftenTheyWere() {
        queue = newQueue(
                Destination.queue("DLQ.q"),
                QueueOptions.builder().maxDeliveries(1).build());
        QueueConsumer only = consumer(1);
        queue.offer(message("1"));

        for (int i = 0; i < 3; i++) {
            assertThat(queue.giveBack(only, taken())).isEmpty();
        }
        assertThat(taken()).hasSize(1);
    }

    @Test
    void aMessageForNowIsKeptForNone() {
        Message early = message("early", SendProperties.AT_ONCE);
        queue.reserve(List.of(early));
        assertThat(queue.fill(List.of(early))).isEqualTo(new Outcome(1, 0, 0, 1));
        assertThat(memory.bytes()).isZero();

        QueueConsumer only = consumer(1);
        queue.offer(message("in time", SendProperties.AT_ONCE));
        List<QueueEntry> held = taken();
        assertThat(held).hasSize(1);
        assertThat(queue.giveBack(only, held)).isEmpty();
        assertThat(taken()).as("its time was over").isEmpty();
        assertThat(memory.bytes()).isZero();
        assertThat(queue.statistics().unacknowledged()).isZero();
    }

    @Test
    void anAbandonedQueueCountsWhatIsOnItsWayAndNothingElse() {
        QueueConsumer first = consumer(1);
        queue.offer(message("1"));
        queue.offer(message("2"));
        queue.offer(message("3", BrokerClock.SYSTEM.uptimeMillis() + 3_600_000));
        List<Message> coming = List.of(message("4"));
        assertThat(queue.reserve(coming)).isTrue();
        List<QueueEntry> held = taken();
        assertThat(queue.mayExpire()).isTrue();
        long all = memory.bytes();
        LongJobs.Job rest = queue.abandon();
        assertThat(memory.bytes()).as("none has been let go of yet").isEqualTo(all);
        assertThat(rest.run(1)).as("one of two").isTrue();
        assertThat(rest.run(1)).isFalse();

        long onItsWay = memory.bytes();
        assertThat(onItsWay).as("of four, one is held and one is to come").isEqualTo(all / 2);
        assertThat(queue.statistics().ready()).isZero();
        assertThat(queue.mayExpire()).isFalse();
        assertThat(queue.abandon().run(1)).isFalse();
        assertThat(memory.bytes()).as("abandoned once more").isEqualTo(onItsWay);
        queue.settle(first, held);
        assertThat(queue.fill(coming)).as("it takes nothing any more").isEqualTo(Outcome.dropped(coming));
        assertThat(memory.bytes()).as("what was on its way").isZero();
        isUsedNoMore();
    }

    @Test
    void whatComesBackToAnAbandonedQueueGoes() {
        QueueConsumer first = consumer(1);
        queue.offer(message("1"));
        List<QueueEntry> held = taken();
        queue.abandon().run(1);
        assertThat(memory.bytes()).as("the consumer has it").isPositive();
        assertThat(queue.giveBack(first, held)).isEmpty();
        assertThat(memory.bytes()).isZero();
        assertThat(queue.statistics().ready()).isZero();
    }

    @Test
    void whatWaitsForItsRedeliveryGoesWithAnAbandonedQueue() {
        QueueConsumer first = consumer(1);
        queue.offer(message("1"));
        queue.giveBackLater(first, taken(), 1_000, 0);
        assertThat(queue.redeliveries().count()).isEqualTo(1);
        queue.abandon().run(1);

        assertThat(queue.redeliveries().count()).isZero();
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void aConsumerWhoseMessageWaitsMayHaveOthers() {
        QueueConsumer only = consumer(1);
        queue.offer(message("1"));
        assertThat(queue.giveBackLater(only, taken(), 1_000, 0)).isEmpty();
        queue.offer(message("2"));
        assertThat(taken()).extracting(QueueEndsTest::name).containsExactly("2");

        queue.redeliver(queue.redeliveries().due(1_000_000_000));
        assertThat(queue.statistics().ready()).isEqualTo(1);
    }

    @Test
    void aQueueInUseIsNotRetired() {
        QueueConsumer only = consumer(1);
        assertThat(queue.retireIfUnused()).as("it has a consumer").isFalse();
        queue.unsubscribe(only);
        List<Message> coming = List.of(message("1"));
        queue.reserve(coming);
        assertThat(queue.retireIfUnused()).as("a message is to come").isFalse();
        queue.release(coming);
        assertThat(memory.bytes()).isZero();
        assertThat(queue.retireIfUnused()).isTrue();
        assertThat(queue.retireIfUnused()).as("still").isTrue();
        isUsedNoMore();
    }
}
