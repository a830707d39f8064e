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
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.RecordedLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A queue, the loop of its consumers, and what it counts. */
abstract class QueueFixture {

    final RecordedLoop loop = new RecordedLoop();
    final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    final MessageCounts counts = new MessageCounts();
    Queue queue = newQueue(Destination.queue("q"), QueueOptions.DEFAULT);

    Queue newQueue(@Nullable Destination destination, QueueOptions options) {
        return new Queue(destination, 1, options, memory, counts, null, false, new Steps());
    }

    static Message message(String body) {
        return message(body, SendProperties.NEVER);
    }

    static Message message(String body, long expires) {
        SendProperties properties = new SendProperties(4, expires, 0, null);
        return new Message(Headers.of("n", body), new byte[10], 0, properties, null);
    }

    static String name(QueueEntry entry) {
        return entry.message().headers().value(0);
    }

    QueueConsumer consumer(int prefetch) {
        QueueConsumer consumer = new QueueConsumer(queue, new TestSubscriber(loop, prefetch), MessageFilter.ALL);
        assertThat(queue.subscribe(consumer)).isTrue();
        return consumer;
    }

    /** What has been handed over, in as many turns as that takes; nothing of it counts as delivered. */
    List<QueueEntry> handedOver() {
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

    /** What has been handed over in a turn, delivered. */
    List<QueueEntry> taken() {
        List<QueueEntry> entries = new ArrayList<>();
        for (Object item : loop.takeItems()) {
            if (item instanceof QueueEntry entry) {
                entry.deliver();
                entries.add(entry);
            } else {
                ((Runnable) item).run();
            }
        }
        return entries;
    }
}
