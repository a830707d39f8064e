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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What very many consumers with selectors cost each operation under the queue's lock. */
class ConsumerStepsTest {

    private static final int CONSUMERS = 1_000;
    private static final int MESSAGES = 1_000;
    private static final int URGENT = 9;
    private static final int USUAL = 4;

    /** Going through the consumers to find out that the limit is reached takes a few steps, too. */
    private static final int MOST = Steps.LIMIT + 20;

    private final Queue queue = new Queue(
            Destination.queue("q"),
            1,
            QueueOptions.DEFAULT,
            new Memory(MemoryOptions.DEFAULT, new Loops()),
            new MessageCounts(),
            null,
            true,
            new Steps());
    private final RecordedLoop loop = new RecordedLoop();

    private static Message message(String kind, int priority) {
        SendProperties properties = new SendProperties(priority, SendProperties.NEVER, 0, null);
        return new Message(Headers.of("kind", kind), new byte[0], 0, properties, null);
    }

    private QueueConsumer consumer(int prefetch, String kind) {
        try {
            Selector selector = Selector.parse("kind = '" + kind + "'");
            return new QueueConsumer(queue, new TestSubscriber(loop, prefetch), MessageFilter.of(selector, null));
        } catch (InvalidSelectorException e) {
            throw new AssertionError(e);
        }
    }

    /** The loop takes turns until it has nothing to do; what its consumers have got by then. */
    private List<QueueEntry> settle() {
        List<QueueEntry> got = new ArrayList<>();
        for (List<Object> items = loop.takeItems(); !items.isEmpty(); items = loop.takeItems()) {
            for (Object item : items) {
                if (item instanceof QueueEntry entry) {
                    got.add(entry);
                } else {
                    ((Runnable) item).run();
                }
            }
        }
        return got;
    }

    private long stepsOf(Runnable operation) {
        long before = queue.steps().all();
        operation.run();
        return queue.steps().all() - before;
    }

    private void fill(List<Message> messages) {
        queue.reserve(messages);
        queue.fill(messages);
    }

    private static List<Message> many(String kind, int priority) {
        List<Message> many = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            many.add(message(kind, priority));
        }
        return many;
    }

    /** All of them have been asked about a message that none wants. */
    @BeforeEach
    void consumersThatHaveBeenAsked() {
        for (int i = 0; i < CONSUMERS; i++) {
            queue.subscribe(consumer(1, "kind " + i));
        }
        queue.offer(message("other", USUAL));
        assertThat(settle()).isEmpty();
    }

    @Test
    @DisplayName("messages of one COMMIT that are more urgent than what they have seen are told them together")
    void aCommitOfUrgentMessages() {
        fill(many("other", URGENT));
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
        queue.offer(message("kind 7", URGENT));
        assertThat(settle()).hasSize(1);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
    }

    @Test
    @DisplayName(
            "what comes back in front of what they have seen is told them together, and reaches the one that wants it")
    void muchThatComesBack() {
        QueueConsumer first = consumer(MESSAGES, "rare");
        queue.subscribe(first);
        fill(many("rare", URGENT));
        List<QueueEntry> taken = settle();
        assertThat(taken).hasSize(MESSAGES);
        queue.leave(first, taken);
        assertThat(settle()).isEmpty();
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
        queue.subscribe(consumer(MESSAGES, "rare"));
        assertThat(settle()).isEqualTo(taken);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
    }

    @Test
    @DisplayName("one urgent message is told each of them, which counts")
    void oneUrgentMessage() {
        assertThat(stepsOf(() -> queue.offer(message("kind 7", URGENT)))).isGreaterThan(2 * CONSUMERS / 256);
        assertThat(settle()).hasSize(1);
    }

    @Test
    @DisplayName("messages of one COMMIT behind all that they have seen are told none of them")
    void aCommitOfMessagesBehind() {
        fill(many("other", USUAL));
        queue.offer(message("kind 7", USUAL));
        assertThat(settle()).hasSize(1);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
    }
}
