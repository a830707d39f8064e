package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.RecordedLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The record of what consumers have been asked about, which a queue keeps while some do not take everything. */
class DispatchRecordTest {

    private final RecordedLoop loop = new RecordedLoop();
    private final Queue queue = new Queue(
            Destination.queue("q"),
            1,
            QueueOptions.DEFAULT,
            new Memory(MemoryOptions.DEFAULT, new Loops()),
            new MessageCounts(),
            null,
            true,
            new Steps());

    private static Message message(String name, int priority, @Nullable String group, int bytes) {
        SendProperties properties = new SendProperties(priority, SendProperties.NEVER, 0, group);
        return new Message(Headers.of("name", name), new byte[bytes], 0, properties, null);
    }

    private void offer(String name) {
        queue.offer(message(name, 4, null, 0));
    }

    private QueueConsumer consumer(int prefetch) {
        return consumer(prefetch, MessageFilter.ALL);
    }

    /** One that wants nothing that is sent here. */
    private QueueConsumer choosy() {
        try {
            return consumer(1, MessageFilter.of(Selector.parse("name = 'none'"), null));
        } catch (InvalidSelectorException e) {
            throw new AssertionError(e);
        }
    }

    private QueueConsumer consumer(int prefetch, MessageFilter filter) {
        QueueConsumer consumer = new QueueConsumer(queue, new TestSubscriber(loop, prefetch), filter);
        queue.subscribe(consumer);
        return consumer;
    }

    private List<QueueEntry> taken() {
        List<QueueEntry> entries = new ArrayList<>();
        for (List<Object> items = loop.takeItems(); !items.isEmpty(); items = loop.takeItems()) {
            for (Object item : items) {
                if (item instanceof QueueEntry entry) {
                    entries.add(entry);
                } else {
                    ((Runnable) item).run();
                }
            }
        }
        return entries;
    }

    private static String name(QueueEntry entry) {
        return entry.message().headers().value(0);
    }

    /** A consumer that has been asked about what came, with a message; a more urgent one has come unrecorded since. */
    private QueueConsumer asked() {
        QueueConsumer consumer = consumer(1);
        QueueConsumer choosy = choosy();
        offer("1");
        offer("2");
        queue.unsubscribe(choosy);
        queue.offer(message("urgent", 9, null, 0));
        return consumer;
    }

    private void settlesAndGetsTheUrgentOne(QueueConsumer consumer) {
        List<QueueEntry> held = taken();
        assertThat(held).extracting(DispatchRecordTest::name).containsExactly("1");
        queue.settle(consumer, held);
        held = taken();
        assertThat(held).extracting(DispatchRecordTest::name).containsExactly("urgent");
        queue.settle(consumer, held);
        assertThat(taken()).extracting(DispatchRecordTest::name).containsExactly("2");
    }

    @Test
    void behindASelectorThatBeginsAllAreAskedAboutWhatCameUnrecorded() {
        QueueConsumer consumer = asked();
        choosy();

        settlesAndGetsTheUrgentOne(consumer);
    }

    @Test
    void behindAGroupThatBeginsAllAreAskedAboutWhatCameUnrecorded() {
        QueueConsumer consumer = asked();
        queue.offer(message("of a group", 0, "g", 0));

        settlesAndGetsTheUrgentOne(consumer);
    }

    @Test
    void withTheLastSelectorTheRecordEnds() {
        consumer(100);
        offer("alone");
        long alone = steps(() -> offer("as before"));
        QueueConsumer choosy = choosy();
        assertThat(steps(() -> offer("asked about"))).isGreaterThan(alone);
        queue.unsubscribe(choosy);

        assertThat(steps(() -> offer("as before"))).isEqualTo(alone);
    }

    @Test
    void withTheLastGroupTheRecordEnds() {
        QueueConsumer consumer = consumer(100);
        long alone = steps(() -> offer("as before"));
        queue.offer(message("of a group", 4, "g", 0));
        assertThat(steps(() -> offer("asked about"))).isGreaterThan(alone);
        queue.settle(consumer, taken());
        queue.unsubscribe(consumer);
        consumer(100);

        assertThat(steps(() -> offer("as before"))).isEqualTo(alone);
    }

    private long steps(Runnable operation) {
        long before = queue.steps().all();
        operation.run();
        return queue.steps().all() - before;
    }

    @Test
    void largeMessagesAreHandedOutAMebibyteAtATime() {
        for (int i = 0; i < 3; i++) {
            queue.offer(message("large", 4, null, 600_000));
        }
        consumer(10);

        assertThat(loop.takeItems()).filteredOn(QueueEntry.class::isInstance).hasSize(2);
        queue.settle(consumer(1), List.of());
        assertThat(taken()).hasSize(1);
    }
}
