package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.RecordedLoop;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the names of message groups take, and when they are forgotten. */
class GroupNamesTest {

    private static final int NAME = 8_000;

    private final RecordedLoop loop = new RecordedLoop();

    private static Memory newMemory(long max) {
        return new Memory(new MemoryOptions(max, max), new Loops());
    }

    private static Queue newQueue(Memory memory) {
        return new Queue(
                Destination.queue("q"), 1, QueueOptions.DEFAULT, memory, new MessageCounts(), null, false, new Steps());
    }

    private static Message message(String group) {
        return new Message(Headers.EMPTY, new byte[0], 0, new SendProperties(4, SendProperties.NEVER, 0, group), null);
    }

    private static String name(int number) {
        return String.format("%0" + NAME + "d", number);
    }

    private QueueConsumer consumer(Queue queue, int prefetch) {
        QueueConsumer consumer = new QueueConsumer(queue, new TestSubscriber(loop, prefetch), MessageFilter.ALL);
        queue.subscribe(consumer);
        return consumer;
    }

    /** What has been handed over. */
    private List<QueueEntry> taken() {
        List<QueueEntry> entries = new ArrayList<>();
        loop.takeItems().forEach(item -> entries.add((QueueEntry) item));
        return entries;
    }

    private void sendAndSettle(Queue queue, QueueConsumer consumer, String group) {
        queue.offer(message(group));
        queue.settle(consumer, taken());
    }

    private static long usedHeap() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    @DisplayName("names of groups in empty queues have a limit, and what they take is counted")
    void namesAreCounted() {
        Memory memory = newMemory(1L << 30);
        List<Queue> queues = new ArrayList<>();
        long before = usedHeap();
        for (int i = 0; i < 10; i++) {
            Queue queue = newQueue(memory);
            queues.add(queue);
            QueueConsumer consumer = consumer(queue, 1);
            for (int number = 0; number < 500; number++) {
                sendAndSettle(queue, consumer, name(number));
            }
        }
        long used = usedHeap() - before;
        assertThat(memory.bytes()).isBetween(10 * Groups.MAX_IDLE_BYTES / 2, 10 * Groups.MAX_IDLE_BYTES);
        assertThat(used).as("heap used").isBetween(memory.bytes() / 2, memory.bytes() * 2);
        assertThat(queues).hasSize(10);
    }

    @Test
    @DisplayName("short names are counted with what is kept beside them")
    void shortNamesAreCounted() {
        Memory memory = newMemory(1L << 30);
        List<Queue> queues = new ArrayList<>();
        long before = usedHeap();
        for (int i = 0; i < 10; i++) {
            Queue queue = newQueue(memory);
            queues.add(queue);
            QueueConsumer consumer = consumer(queue, 1);
            for (int number = 0; number < 20_000; number++) {
                sendAndSettle(queue, consumer, "group " + number);
            }
        }
        long used = usedHeap() - before;
        assertThat(used).as("heap used").isBetween(memory.bytes() / 2, memory.bytes() * 2);
        assertThat(queues).hasSize(10);
    }

    @Test
    @DisplayName("a group with a message in the queue is never forgotten, however many names come")
    void aGroupWithMessagesIsKept() {
        Queue queue = newQueue(newMemory(1L << 30));
        QueueConsumer first = consumer(queue, 2);
        queue.offer(message("kept"));
        List<QueueEntry> unsettled = taken();
        for (int i = 0; i < 1_000; i++) {
            sendAndSettle(queue, first, name(i));
        }
        RecordedLoop otherLoop = new RecordedLoop();
        QueueConsumer second = new QueueConsumer(queue, new TestSubscriber(otherLoop, 10), MessageFilter.ALL);
        queue.subscribe(second);
        queue.offer(message("kept"));
        assertThat(taken()).hasSize(1);
        assertThat(otherLoop.takeItems()).isEmpty();
        assertThat(unsettled).hasSize(1);
    }

    @Test
    @DisplayName("names go with the last consumer")
    void namesGoWithTheLastConsumer() {
        Memory memory = newMemory(1L << 30);
        Queue queue = newQueue(memory);
        QueueConsumer consumer = consumer(queue, 1);
        for (int i = 0; i < 1_000; i++) {
            sendAndSettle(queue, consumer, name(i));
        }
        queue.offer(message("last"));
        List<QueueEntry> last = taken();
        queue.unsubscribe(consumer);
        queue.settle(consumer, last);
        assertThat(memory.bytes()).isZero();
        assertThat(queue.retireIfUnused()).isTrue();
    }

    @Test
    @DisplayName("names without messages are forgotten while the broker's memory is full")
    void namesGoWhenMemoryIsFull() {
        Memory memory = newMemory(1_000_000);
        Queue queue = newQueue(memory);
        QueueConsumer consumer = consumer(queue, 1);
        for (int i = 0; i < 50; i++) {
            sendAndSettle(queue, consumer, name(i));
        }
        assertThat(memory.isFull()).isFalse();
        memory.hold(1_000_000);
        sendAndSettle(queue, consumer, name(50));
        assertThat(memory.bytes()).isEqualTo(1_000_000);
    }

    @Test
    @DisplayName("the name of a group goes with the last of its messages that expires")
    void namesGoWithExpiredMessages() {
        Memory memory = newMemory(1L << 30);
        Queue queue = newQueue(memory);
        long over = 0;
        queue.offer(new Message(Headers.EMPTY, new byte[0], 0, new SendProperties(4, over, 0, "g"), null));
        assertThat(memory.bytes()).isPositive();
        queue.sweep();
        assertThat(memory.bytes()).isZero();
    }

    @Test
    @DisplayName("a private queue that is given up counts no names")
    void anAbandonedQueueCountsNoNames() {
        Memory memory = newMemory(1L << 30);
        Queue queue = newQueue(memory);
        QueueConsumer consumer = consumer(queue, 1);
        sendAndSettle(queue, consumer, "g");
        queue.offer(message("h"));
        queue.offer(message("h"));
        queue.abandon().run(2);
        queue.settle(consumer, taken());
        assertThat(memory.bytes()).isZero();
    }

    @Test
    @DisplayName("a queue that is used no more counts no names")
    void aRetiredQueueCountsNoNames() {
        Memory memory = newMemory(1L << 30);
        Queue queue = newQueue(memory);
        QueueConsumer consumer = consumer(queue, 1);
        for (int number = 0; number < 300; number++) {
            sendAndSettle(queue, consumer, "g" + number);
        }
        queue.offer(message("unsettled"));
        List<QueueEntry> unsettled = taken();
        long soon = BrokerClock.SYSTEM.uptimeMillis() + 20;
        queue.offer(new Message(Headers.EMPTY, new byte[0], 0, new SendProperties(4, soon, 0, "waits"), null));
        queue.unsubscribe(consumer);
        queue.settle(consumer, unsettled);
        while (BrokerClock.SYSTEM.uptimeMillis() <= soon) {
            Thread.onSpinWait();
        }
        assertThat(queue.retireIfUnused()).isTrue();
        assertThat(memory.bytes()).isZero();
    }
}
