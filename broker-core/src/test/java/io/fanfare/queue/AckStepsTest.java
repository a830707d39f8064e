package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.queue.QueueSubscriber.ConsumerOptions;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.Received;
import io.fanfare.testing.RecordedLoop;
import io.fanfare.testing.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What it costs to find and settle a delivery among many: how many others are looked at. */
class AckStepsTest {

    private static final int MANY = 2_000;

    private final RecordedLoop loop = new RecordedLoop();
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    private final Queues queues = new Queues(
            QueueOptions.DEFAULT, null, new AtomicLong(), memory, new Loops(), () -> {}, new MessageCounts());
    private final CountingDeque unsettled = new CountingDeque();

    /** Counts the deliveries that are looked at. */
    @SuppressWarnings("serial")
    private static final class CountingDeque extends ArrayDeque<Unsettled> {

        private long steps;

        @Override
        public boolean remove(Object delivery) {
            steps += size();
            return super.remove(delivery);
        }

        @Override
        public Unsettled remove() {
            steps++;
            return super.remove();
        }

        @Override
        public Iterator<Unsettled> iterator() {
            Iterator<Unsettled> all = super.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return all.hasNext();
                }

                @Override
                public Unsettled next() {
                    steps++;
                    return all.next();
                }
            };
        }
    }

    /** Delivers many messages, and gives their {@code ack} headers. */
    private List<String> deliver(Deliveries deliveries, TestSubscriber subscriber) {
        Queue queue = queues.get(Destination.queue("q"), null);
        QueueConsumer consumer = new QueueConsumer(queue, subscriber, MessageFilter.ALL);
        queue.subscribe(consumer);
        SendProperties properties = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);
        for (int i = 0; i < MANY; i++) {
            queue.offer(new Message(Headers.EMPTY, new byte[0], 0, properties, null));
        }
        Object[] entries = loop.takeItems().toArray();
        deliveries.receive(consumer, entries, 0, entries.length);
        subscriber.outbox().flush();
        List<String> acks = new ArrayList<>();
        for (Received each : Wire.read(subscriber.connection().taken(), Framing.TCP)) {
            acks.add(each.header("ack"));
        }
        assertThat(acks).hasSize(MANY);
        return acks;
    }

    private long stepsOf(AckMode mode, boolean backwards, int every) {
        TestSubscriber subscriber = new TestSubscriber(loop, new ConsumerOptions(MANY, false, 0), mode, unsettled);
        MessageEncoder encoder = new MessageEncoder(loop.buffer(), "x-");
        Deliveries deliveries = new Deliveries(subscriber.outbox(), encoder, queues, TestSubscriber.HEARD);
        List<String> acks = deliver(deliveries, subscriber);
        if (backwards) {
            Collections.reverse(acks);
        }
        for (int i = every - 1; i < MANY; i += every) {
            Frame ack = new Frame(Command.ACK, Headers.of("id", acks.get(i)), new byte[0]);
            deliveries.settle(deliveries.find(ack, StompVersion.V1_2), Deliveries.Verdict.ACK, Deliveries.BACK_OFF);
        }
        while (!loop.takeItems().isEmpty()) {
            // what follows in further turns
        }
        assertThat(memory.bytes() - queues.count() * Queues.QUEUE_BYTES)
                .as("bytes of what is not settled")
                .isZero();
        return unsettled.steps;
    }

    @Test
    @DisplayName("ACKs in reverse order look at no other delivery each")
    void acksInReverseOrderAreLinear() {
        assertThat(stepsOf(AckMode.CLIENT_INDIVIDUAL, true, 1)).isLessThanOrEqualTo(2 * MANY);
    }

    @Test
    @DisplayName("cumulative ACKs look at what they settle")
    void cumulativeAcksAreLinear() {
        assertThat(stepsOf(AckMode.CLIENT, false, 50)).isLessThanOrEqualTo(2 * MANY);
    }

    @Test
    @DisplayName("an ACK that covers many settles a bounded number of them under the queue's lock")
    void anAckOfManyLeavesTheLockToOthersInBetween() {
        stepsOf(AckMode.CLIENT, false, MANY);
        Steps taken = queues.get(Destination.queue("q"), null).steps();
        assertThat(taken.most()).isLessThanOrEqualTo(Steps.LIMIT + 10);
        assertThat(taken.all()).as("what it has done").isGreaterThanOrEqualTo(MANY);
    }
}
