package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import io.fanfare.testing.RecordedLoop;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What selectors and groups cost on a long queue: messages that are looked at under its lock. */
class SelectorStepsTest extends QueueFixture {

    private static final int MANY = 20_000;

    /** Going through the consumers to find out that the limit is reached takes a few steps, too. */
    private static final int MOST = Steps.LIMIT + 10;

    private int turns;

    private static Message message(String kind, @Nullable String group) {
        SendProperties properties = new SendProperties(4, SendProperties.NEVER, 0, group);
        return new Message(Headers.of("kind", kind), new byte[0], 0, properties, null);
    }

    private QueueConsumer consumer(int prefetch, String kind) {
        try {
            Selector selector = kind.isEmpty() ? null : Selector.parse("kind = '" + kind + "'");
            return new QueueConsumer(queue, new TestSubscriber(loop, prefetch), MessageFilter.of(selector, null));
        } catch (InvalidSelectorException e) {
            throw new AssertionError(e);
        }
    }

    /** The loop takes turns until it has nothing to do; what its consumers have got by then. */
    private List<QueueEntry> settle() {
        List<QueueEntry> got = new ArrayList<>();
        turns = 0;
        for (List<Object> items = loop.takeItems(); !items.isEmpty(); items = loop.takeItems()) {
            turns++;
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

    private void fill() {
        for (int i = 0; i < MANY; i++) {
            queue.offer(message("other", null));
        }
    }

    @Test
    @DisplayName("a SUBSCRIBE whose selector wants the last of many messages gets it in many turns")
    void aSelectorIsAskedInManyTurns() {
        fill();
        queue.offer(message("wanted", null));
        queue.subscribe(consumer(1, "wanted"));
        assertThat(settle()).hasSize(1);
        assertThat(turns).isGreaterThan(MANY / MOST);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
    }

    @Test
    @DisplayName("an UNSUBSCRIBE has nothing done again for the others")
    void anUnsubscribeHasNothingDoneAgain() {
        fill();
        queue.subscribe(consumer(1, "wanted"));
        QueueConsumer other = consumer(1, "wanted, too");
        queue.subscribe(other);
        settle();
        long before = queue.steps().all();
        queue.unsubscribe(other);
        settle();
        assertThat(queue.steps().all() - before).isLessThan(10);
    }

    @Test
    @DisplayName(
            "new messages do not wait for a consumer that has a long way to go, and their SENDs do not work for it")
    void newMessagesDoNotWait() {
        fill();
        queue.subscribe(consumer(1, "urgent"));
        settle();
        queue.subscribe(consumer(1, "wanted"));
        long before = queue.steps().all();
        queue.offer(message("urgent", null));
        assertThat(queue.steps().all() - before).isLessThan(10);
        assertThat(loop.takeItems()).filteredOn(QueueEntry.class::isInstance).hasSize(1);
    }

    @Test
    @DisplayName("a message that comes back in front of where a consumer is reaches it")
    void whatComesBackIsNotPassed() {
        RecordedLoop otherLoop = new RecordedLoop();
        queue.offer(message("wanted", null));
        QueueConsumer first = new QueueConsumer(queue, new TestSubscriber(otherLoop, 1), MessageFilter.ALL);
        queue.subscribe(first);
        QueueEntry taken = (QueueEntry) otherLoop.takeItems().get(0);
        fill();
        queue.subscribe(consumer(1, "wanted"));
        // half way
        for (int i = 0; i < MANY / MOST / 2; i++) {
            loop.takeItems().forEach(item -> ((Runnable) item).run());
        }
        queue.leave(first, List.of(taken));
        assertThat(settle()).containsExactly(taken);
    }

    @Test
    @DisplayName("a message that comes back has a consumer asked about that one, and not again about the rest")
    void whatComesBackIsAskedAboutAlone() {
        RecordedLoop otherLoop = new RecordedLoop();
        queue.offer(message("other", null));
        QueueConsumer first = new QueueConsumer(queue, new TestSubscriber(otherLoop, 1), MessageFilter.ALL);
        queue.subscribe(first);
        QueueEntry taken = (QueueEntry) otherLoop.takeItems().get(0);
        fill();
        queue.subscribe(consumer(1, "wanted"));
        settle();
        long before = queue.steps().all();
        queue.leave(first, List.of(taken));
        settle();
        assertThat(queue.steps().all() - before).isLessThan(10);
    }

    @Test
    @DisplayName("what a group's consumer leaves behind reaches another in many turns")
    void aGroupGoesOnElsewhereInManyTurns() {
        QueueConsumer owner = consumer(1, "");
        queue.subscribe(owner);
        queue.offer(message("first", "g"));
        assertThat(settle()).hasSize(1);
        for (int i = 0; i < MANY; i++) {
            queue.offer(message("more", "g"));
        }
        QueueConsumer other = consumer(10 * MANY, "");
        queue.subscribe(other);
        assertThat(settle()).isEmpty();
        queue.unsubscribe(owner);
        assertThat(settle()).hasSize(MANY);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
    }

    @Test
    @DisplayName("a message that none of many consumers wants is shown to all, a part at a time")
    void manyConsumersAreAskedInParts() {
        for (int i = 0; i < 1_000; i++) {
            queue.subscribe(consumer(1, "kind " + i));
        }
        queue.subscribe(consumer(1, "wanted"));
        queue.offer(message("wanted", null));
        assertThat(settle()).hasSize(1);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
    }

    @Test
    @DisplayName("what a consumer leaves behind comes back a part at a time, and reaches another in order")
    void muchComesBackInParts() {
        fill();
        QueueConsumer first = consumer(MANY, "");
        queue.subscribe(first);
        List<QueueEntry> taken = settle();
        queue.offer(message("newer", null));
        queue.subscribe(consumer(2 * MANY, ""));
        List<QueueEntry> newer = settle();
        queue.leave(first, taken);
        assertThat(settle()).isEqualTo(taken);
        assertThat(newer).hasSize(1);
        assertThat(queue.steps().most()).isLessThanOrEqualTo(MOST);
    }
}
