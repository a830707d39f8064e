package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Loops;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.QueueOptions;
import io.fanfare.queue.QueueSubscriber.ConsumerOptions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a session's messages when its subscription or its conversation ends before they are settled. */
class DeliveriesTest extends QueueFixture {

    private static final Destination NAME = Destination.queue("q");

    private final Queues queues =
            new Queues(QueueOptions.DEFAULT, null, new AtomicLong(), memory, new Loops(), () -> {}, counts);

    DeliveriesTest() {
        queue = queues.get(NAME, null);
    }

    /** A consumer and what its session has. */
    private final class Party {
        final TestSubscriber subscriber;
        final QueueConsumer consumer;
        final Deliveries deliveries;

        Party(AckMode mode) {
            subscriber = new TestSubscriber(loop, new ConsumerOptions(10, false, 0), mode, new ArrayDeque<>());
            consumer = new QueueConsumer(queue, subscriber, MessageFilter.ALL);
            deliveries = new Deliveries(
                    subscriber.outbox(), new MessageEncoder(loop.buffer(), "x-"), queues, TestSubscriber.HEARD);
            queue.subscribe(consumer);
        }

        void receives(Object... items) {
            deliveries.receive(consumer, items, 0, items.length);
        }
    }

    private static Message sent(String name, String... headers) {
        return sent(name, 0, headers);
    }

    private static Message sent(String name, int bytes, String... headers) {
        Headers all = Headers.of("n", name).with(Headers.of(headers));
        return new Message(all, new byte[bytes], 0, SendProperties.of(all, BrokerClock.SYSTEM), null);
    }

    private void publish(Message... messages) {
        queues.publish(NAME, Arrays.asList(messages));
    }

    /** What another consumer gets. */
    private List<String> others() {
        queue.subscribe(new QueueConsumer(queue, new TestSubscriber(loop, 10), MessageFilter.ALL));
        return names();
    }

    private List<String> names() {
        return handedOver().stream().map(QueueFixture::name).toList();
    }

    @Test
    void whatComesBehindTheEndOfASubscriptionGoesBack() {
        Party bob = new Party(AckMode.AUTO);
        publish(sent("1"), sent("2"));
        List<QueueEntry> entries = handedOver();
        bob.subscriber.end();
        bob.deliveries.leave(bob.consumer);

        bob.deliveries.receive(bob.consumer, new Object[] {"before", entries.get(0), entries.get(1), "behind"}, 1, 3);
        assertThat(bob.subscriber.outbox().isEmpty()).isTrue();
        assertThat(queue.statistics().ready()).isEqualTo(2);
        assertThat(others()).containsExactly("1", "2");
    }

    @Test
    void aQueueWhoseLastMessageComesTooLateForItsConsumerGoes() {
        Party bob = new Party(AckMode.AUTO);
        publish(sent("1", "expiration", "0"));
        List<QueueEntry> entries = handedOver();
        bob.subscriber.end();
        bob.deliveries.leave(bob.consumer);

        bob.receives(entries.toArray());
        assertThat(queues.count()).isZero();
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void aQueueWhoseLastMessageWasForNobodyElseGoesWithTheConversation() {
        Party bob = new Party(AckMode.CLIENT);
        publish(sent("1", "expiration", "0"));
        bob.receives(handedOver().toArray());
        bob.subscriber.end();

        bob.deliveries.giveAllBack();
        assertThat(queues.count()).isZero();
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void whatLeavesWithTheLastBytesIsNotDeliveredAgain() {
        Party bob = new Party(AckMode.AUTO);
        publish(sent("1"), sent("2"), sent("3"));
        List<QueueEntry> entries = handedOver();
        bob.receives(entries.get(0));
        long first = bob.subscriber.outbox().appended();
        bob.receives(entries.get(1), entries.get(2));

        bob.deliveries.dropped(first);
        bob.deliveries.giveAllBack();
        bob.deliveries.written(first);
        assertThat(others()).containsExactly("2", "3");
        assertThat(queue.statistics().unacknowledged()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(AckMode.class)
    void whatIsGivenBackIsGivenBackOnce(AckMode mode) {
        Party bob = new Party(mode);
        publish(sent("1", TestSubscriber.OUTBOX_BYTES), sent("2"));
        bob.receives(handedOver().toArray());

        bob.deliveries.dropped(0);
        bob.deliveries.giveAllBack();
        assertThat(others()).containsExactly("1", "2");
        bob.deliveries.giveAllBack();
        assertThat(names()).isEmpty();
        assertThat(queue.statistics().ready()).isZero();
    }

    @Test
    void whatWaitsForTheOutboxGoesBackWithItsSubscription() {
        Party bob = new Party(AckMode.CLIENT_INDIVIDUAL);
        publish(sent("1", TestSubscriber.OUTBOX_BYTES), sent("2"), sent("3"));
        bob.receives(handedOver().toArray());
        bob.subscriber.end();

        bob.deliveries.leave(bob.consumer);
        assertThat(others()).containsExactly("2", "3");
        bob.deliveries.giveAllBack();
        assertThat(names()).containsExactly("1");
    }
}
