package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.HandLoop;
import io.fanfare.testing.RecordedLoop;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What it costs that messages expire: steps under a queue's lock, and in one turn of a loop. */
class ExpiryStepsTest {

    private static final int MANY = 5_000;
    private static final long OVER = 0;

    /**
     * The most that one turn removes: a step for each, and each of a turn's four parts may end with 100 at once. How many it is
     * hangs on the order in which the map of queues gives them, another one in each process.
     */
    private static final int MOST_OF_A_TURN = LongJobs.STEPS_PER_TURN + 4 * 100;

    private static final long SIZE = message(OVER).size() + Contents.ENTRY_BYTES;

    private final Loops loops = new Loops();
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, loops);
    private final Queues queues =
            new Queues(QueueOptions.DEFAULT, null, new AtomicLong(), memory, loops, () -> {}, new MessageCounts());
    private final Destination destination = Destination.queue("q");
    private final Queue queue = queues.get(destination, null);

    private static Message message(long expires) {
        return new Message(Headers.EMPTY, new byte[100], 0, new SendProperties(4, expires, 0, null), null);
    }

    private void offer(int count, long expires) {
        queue.offer(message(expires));
        // with one reservation, or each would remove what came before it
        List<Message> more = java.util.stream.Stream.generate(() -> message(expires))
                .limit(count - 1)
                .toList();
        queue.reserve(more);
        queue.fill(more);
    }

    @Test
    @DisplayName("a SEND looks at what has expired, and not at the messages that have time")
    void aSendLooksAtNoMessageThatHasTime() {
        long later = BrokerClock.SYSTEM.uptimeMillis() + 3_600_000;
        for (int i = 0; i < MANY; i++) {
            queue.offer(message(later + i % 1000));
        }
        queue.offer(message(OVER));
        queue.offer(message(SendProperties.NEVER));
        assertThat(messageBytes()).isEqualTo((MANY + 1) * SIZE);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(2);
    }

    @Test
    @DisplayName("one SEND removes a part of what has expired, the next ones the rest")
    void oneSendRemovesAPart() {
        offer(MANY, OVER);
        long before = memory.bytes();
        queue.offer(message(SendProperties.NEVER));
        assertThat(memory.bytes()).isBetween(before - 200 * SIZE, before);
        for (int i = 0; i < MANY / 50; i++) {
            queue.offer(message(SendProperties.NEVER));
        }
        assertThat(messageBytes()).isEqualTo((MANY / 50 + 1) * SIZE);
    }

    @Test
    @DisplayName("expired messages that are left reach no consumer")
    void expiredMessagesReachNoConsumer() {
        offer(MANY, OVER);
        queue.offer(message(SendProperties.NEVER));
        RecordedLoop loop = new RecordedLoop();
        QueueConsumer consumer = new QueueConsumer(queue, new TestSubscriber(loop, 10), MessageFilter.ALL);
        queue.subscribe(consumer);
        for (int i = 0; i < MANY; i++) {
            queue.settle(consumer, List.of());
        }
        List<Object> got = loop.takeItems();
        assertThat(got).filteredOn(QueueEntry.class::isInstance).hasSize(1);
        assertThat(messageBytes()).isEqualTo(SIZE);
    }

    @Test
    @DisplayName("a queue full of expired messages has room for as many new ones")
    void expiredMessagesMakeRoomForMany() {
        int full = QueueOptions.DEFAULT.maxQueueMessages();
        offer(full, OVER);
        List<Message> batch = java.util.stream.Stream.generate(() -> message(SendProperties.NEVER))
                .limit(1_024)
                .toList();
        assertThat(queue.reserve(batch)).isTrue();
        queue.release(batch);
    }

    private long messageBytes() {
        return memory.bytes() - queues.count() * Queues.QUEUE_BYTES;
    }

    @Test
    @DisplayName("a sweep removes a bounded number of messages in a turn, and goes on in the next until all are gone")
    void aSweepGoesOnInTheNextTurn() {
        HandLoop loop = new HandLoop();
        loops.add(loop);
        queues.publish(destination, List.of(message(OVER)));
        offer(MANY, OVER);
        for (int i = 0; i < 2_000; i++) {
            queues.publish(Destination.queue("q" + i), List.of(message(OVER)));
        }
        loop.takeTurn();
        loop.advance(Queues.SWEEP_INTERVAL.plusMillis(20));
        int turns = 0;
        long before = messageBytes();
        while (messageBytes() > 0) {
            loop.takeTurn();
            assertThat(before - messageBytes()).isLessThanOrEqualTo(MOST_OF_A_TURN * SIZE);
            before = messageBytes();
            turns++;
            assertThat(turns).isLessThan(100);
        }
        assertThat(turns).isGreaterThan(4);
        loop.takeTurn();
        assertThat(queues.count()).isZero();
    }
}
