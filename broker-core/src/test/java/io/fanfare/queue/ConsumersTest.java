package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.frame.Headers;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.queue.QueueSubscriber.ConsumerOptions;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Whose turn it is among the consumers of a queue, and how many messages they may have. */
class ConsumersTest extends QueueFixture {

    private final Consumers consumers = new Consumers();

    private QueueConsumer consumer(int prefetch, boolean exclusive, int priority) {
        ConsumerOptions options = new ConsumerOptions(prefetch, exclusive, priority);
        return new QueueConsumer(queue, new TestSubscriber(loop, options), MessageFilter.ALL);
    }

    private QueueConsumer added(int prefetch, int priority) {
        QueueConsumer consumer = consumer(prefetch, false, priority);
        consumers.add(consumer);
        return consumer;
    }

    private QueueConsumer addedExclusive(int prefetch) {
        QueueConsumer consumer = consumer(prefetch, true, 0);
        consumers.add(consumer);
        return consumer;
    }

    private void give(QueueConsumer to) {
        SendProperties properties = new SendProperties(4, SendProperties.NEVER, 0, null);
        consumers.give(to, new QueueEntry(new Message(Headers.EMPTY, new byte[0], 0, properties, null), 1));
    }

    @Test
    void theirCreditIsWhatAllOfThemMayHaveMore() {
        QueueConsumer first = added(3, 0);
        added(2, 0);
        assertThat(consumers.credit()).isEqualTo(5);
        assertThat(consumers.isEmpty()).isFalse();
        give(first);
        assertThat(consumers.credit()).isEqualTo(4);
        consumers.addCredit(first, 1);
        assertThat(consumers.credit()).isEqualTo(5);
        give(first);
        assertThat(consumers.remove(first)).isTrue();
        assertThat(consumers.credit()).isEqualTo(2);
        assertThat(consumers.count()).isEqualTo(2);
    }

    @Test
    void aConsumerThatHasLeftHasNoTurnAndNoCredit() {
        QueueConsumer first = added(1, 0);
        give(first);
        consumers.remove(first);
        consumers.addCredit(first, 1);
        assertThat(consumers.credit()).isZero();
        assertThat(consumers.first()).isNull();
        assertThat(consumers.isEmpty()).isTrue();
        assertThat(consumers.remove(first)).as("once more").isFalse();
        assertThat(consumers.credit()).isZero();
        assertThat(first.isJoined()).isFalse();
    }

    @Test
    void theyTakeTurns() {
        QueueConsumer first = added(2, 0);
        QueueConsumer second = added(2, 0);
        QueueConsumer third = added(2, 0);
        assertThat(consumers.serving()).containsExactly(first, second, third);
        give(first);
        assertThat(consumers.serving()).containsExactly(second, third, first);
        give(third);
        assertThat(consumers.serving()).containsExactly(second, first, third);
        give(third);
        assertThat(consumers.serving()).containsExactly(second, first);
        consumers.addCredit(third, 1);
        assertThat(consumers.serving()).containsExactly(second, first, third);
        consumers.addCredit(second, 1);
        assertThat(consumers.serving()).as("credit is no turn").containsExactly(second, first, third);
        consumers.remove(first);
        assertThat(consumers.serving()).containsExactly(second, third);
    }

    @Test
    void higherPrioritiesComeFirst() {
        QueueConsumer low = added(1, -1);
        QueueConsumer high = added(1, 7);
        QueueConsumer middle = added(2, 0);
        QueueConsumer high2 = added(1, 7);
        QueueConsumer middle2 = added(1, 0);
        assertThat(consumers.first()).isSameAs(high);
        assertThat(consumers.serving()).containsExactly(high, high2, middle, middle2, low);
        give(middle);
        assertThat(consumers.serving()).containsExactly(high, high2, middle2, middle, low);
        consumers.remove(high);
        assertThat(consumers.first()).isSameAs(high2);
        consumers.remove(high2);
        assertThat(consumers.first()).isSameAs(middle2);
        consumers.remove(low);
        assertThat(consumers.serving()).containsExactly(middle2, middle);
        consumers.remove(middle);
        consumers.remove(middle2);
        assertThat(consumers.first()).isNull();
        assertThat(consumers.serving()).isEmpty();
        QueueConsumer last = added(1, 3);
        assertThat(consumers.first()).isSameAs(last);
    }

    @Test
    void thereIsNoTurnBehindTheLast() {
        added(1, 0);
        Iterator<QueueConsumer> turns = consumers.serving().iterator();
        turns.next();
        assertThat(turns.hasNext()).isFalse();
        assertThatThrownBy(turns::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void oneThatWaitsAlreadyKeepsItsTurn() {
        Turns turns = new Turns();
        QueueConsumer first = consumer(1, false, 0);
        QueueConsumer second = consumer(1, false, 0);
        turns.add(first);
        turns.add(second);
        turns.add(first);
        assertThat(turns).containsExactly(first, second);
        turns.served(consumer(1, false, 0));
        turns.remove(consumer(1, false, 0));
        assertThat(turns).as("one that does not wait changes nothing").containsExactly(first, second);
    }

    @Test
    void anExclusiveConsumerIsServedAloneAlsoWhileItMayHaveNone() {
        added(5, 9);
        QueueConsumer exclusive = addedExclusive(1);
        QueueConsumer second = addedExclusive(1);
        assertThat(consumers.exclusive()).isSameAs(exclusive);
        assertThat(consumers.serving()).containsExactly(exclusive);
        assertThat(consumers.first()).isSameAs(exclusive);
        give(exclusive);
        assertThat(consumers.serving()).isEmpty();
        assertThat(consumers.first()).isNull();
        consumers.remove(exclusive);
        assertThat(consumers.exclusive()).isSameAs(second);
        consumers.remove(second);
        assertThat(consumers.exclusive()).isNull();
        assertThat(consumers.serving()).hasSize(1);
    }

    @Test
    void aConsumerWithoutCreditHasNoTurnYet() {
        QueueConsumer none = added(0, 0);
        assertThat(consumers.first()).isNull();
        assertThat(consumers.all()).containsExactly(none);
        consumers.addCredit(none, 0);
        assertThat(consumers.first()).isNull();
        consumers.addCredit(none, 1);
        assertThat(consumers.first()).isSameAs(none);
    }
}
