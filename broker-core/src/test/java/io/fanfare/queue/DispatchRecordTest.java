package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.selector.InvalidSelectorException;
import io.fanfare.selector.Selector;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The record of what consumers have been asked about, which a queue keeps while some do not take everything. */
class DispatchRecordTest extends QueueFixture {

    private static Message message(String name, int priority, @Nullable String group, int bytes) {
        SendProperties properties = new SendProperties(priority, SendProperties.NEVER, 0, group);
        return new Message(Headers.of("name", name), new byte[bytes], 0, properties, null);
    }

    private void offer(String name) {
        queue.offer(message(name, 4, null, 0));
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
        List<QueueEntry> held = handedOver();
        assertThat(held).extracting(QueueFixture::name).containsExactly("1");
        queue.settle(consumer, held);
        held = handedOver();
        assertThat(held).extracting(QueueFixture::name).containsExactly("urgent");
        queue.settle(consumer, held);
        assertThat(handedOver()).extracting(QueueFixture::name).containsExactly("2");
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
        queue.settle(consumer, handedOver());
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
        assertThat(handedOver()).hasSize(1);
    }
}
