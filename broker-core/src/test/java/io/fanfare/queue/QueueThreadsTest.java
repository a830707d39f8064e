package io.fanfare.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.SendProperties;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.HardWork;
import io.fanfare.testing.RecordedLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Threads that do everything to one queue at once. What each does follows from the seed, how they meet is up to the
 * machine: so many steps that a single method without the queue's lock shows.
 */
class QueueThreadsTest {

    private static final int THREADS = 4;
    private static final int STEPS = 50_000;
    private static final int PREFETCH = 4;
    private static final Destination KEY = Destination.queue("q");

    /** Where a message is. */
    private static final int NOT_SENT = 0;

    private static final int IN_QUEUE = 1;
    private static final int WITH_CONSUMER = 2;
    private static final int DONE = 3;

    private static final SendProperties PROPERTIES = SendProperties.of(Headers.EMPTY, BrokerClock.SYSTEM);

    private final QueueOptions options =
            QueueOptions.builder().maxQueueMessages(100).maxDeliveries(3).build();
    private final Memory memory = new Memory(MemoryOptions.DEFAULT, new Loops());
    private final AtomicIntegerArray places = new AtomicIntegerArray(THREADS * STEPS * 3 + 100);

    /** A thread's consumer, and what it has of the queue. */
    private final class Party {

        private final Queue queue;
        private final RecordedLoop loop = new RecordedLoop();
        private final SplittableRandom random;
        private final List<QueueEntry> hand = new ArrayList<>();
        private QueueConsumer consumer;
        private int next;

        Party(Queue queue, SplittableRandom random, int firstMessage) {
            this.queue = queue;
            this.random = random;
            this.next = firstMessage;
            join();
        }

        void step() {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> publish(1 + random.nextInt(3));
                case 4, 5 -> settle();
                case 6, 7 -> giveBack();
                case 8 -> unsubscribe();
                default -> leave();
            }
        }

        void publish(int count) {
            List<Message> messages = newMessages(next, count);
            try {
                assertThat(queue.reserve(messages)).as("there is a queue").isTrue();
            } catch (ProtocolException full) {
                return;
            }
            if (random.nextInt(8) == 0) {
                queue.release(messages);
                return;
            }
            next += count;
            messages.forEach(message -> move(message, NOT_SENT, IN_QUEUE));
            queue.fill(messages);
        }

        void receive() {
            for (Object item : loop.takeItems()) {
                QueueEntry entry = (QueueEntry) item;
                move(entry.message(), IN_QUEUE, WITH_CONSUMER);
                entry.deliver();
                hand.add(entry);
            }
            assertThat(hand).as("not settled").hasSizeLessThanOrEqualTo(PREFETCH);
        }

        void settle() {
            receive();
            List<QueueEntry> settled = List.copyOf(hand);
            hand.clear();
            settled.forEach(entry -> move(entry.message(), WITH_CONSUMER, DONE));
            queue.settle(consumer, settled);
        }

        void giveBack() {
            receive();
            dead(queue.giveBack(consumer, handedBack()));
        }

        void unsubscribe() {
            queue.unsubscribe(consumer);
            // what had been posted by then is still its own
            if (random.nextBoolean()) {
                settle();
            } else {
                giveBack();
            }
            join();
        }

        void leave() {
            receive();
            dead(queue.leave(consumer, handedBack()));
            giveBack();
            join();
        }

        private void join() {
            consumer = new QueueConsumer(queue, new TestSubscriber(loop, PREFETCH), MessageFilter.ALL);
            assertThat(queue.subscribe(consumer)).as("there is a queue").isTrue();
        }

        private List<QueueEntry> handedBack() {
            List<QueueEntry> entries = List.copyOf(hand);
            hand.clear();
            entries.forEach(entry -> move(entry.message(), WITH_CONSUMER, IN_QUEUE));
            return entries;
        }

        private void dead(List<QueueEntry> entries) {
            entries.forEach(entry -> move(entry.message(), IN_QUEUE, DONE));
        }
    }

    /** Messages of different sizes; their numbers are their bodies. */
    private static List<Message> newMessages(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(number -> {
                    byte[] body =
                            ByteBuffer.allocate(4 + number % 97).putInt(number).array();
                    return new Message(Headers.EMPTY, body, 0, PROPERTIES, null);
                })
                .toList();
    }

    private void move(Message message, int from, int to) {
        int number = ByteBuffer.wrap(message.body()).getInt();
        if (!places.compareAndSet(number, from, to)) {
            throw new AssertionError(
                    "message " + number + " goes from " + from + " to " + to + ", but is at " + places.get(number));
        }
    }

    @Test
    void messagesCountsAndCreditsAreExact() throws Exception {
        Queue queue = new Queue(KEY, 1, options, memory, new MessageCounts(), null, false, new Steps());
        HardWork work = new HardWork();
        List<Party> parties = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Party party = new Party(queue, work.random(), i * STEPS * 3);
            parties.add(party);
            work.add(STEPS, party::step);
        }
        work.run();
        work.check(() -> {
            nobodyStarves(queue, parties);
            everyMessageIsDone(queue, parties);
            everybodyHasFullCredit(queue, parties);
            nothingIsLeft(queue, parties);
        });
    }

    /** As subscriptions of one topic on several loops have it. */
    @Test
    void aMessageOfManyQueuesIsCountedFromItsFirstQueueToItsLast() throws Exception {
        List<Message> messages = newMessages(0, STEPS);
        messages.forEach(message -> message.place(2, 1));
        HardWork work = new HardWork();
        List<Queue> queues = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Queue own = new Queue(null, 3 + i, options, memory, new MessageCounts(), null, true, new Steps());
            queues.add(own);
            RecordedLoop loop = new RecordedLoop();
            QueueConsumer consumer = new QueueConsumer(own, new TestSubscriber(loop, 1), MessageFilter.ALL);
            own.subscribe(consumer);
            Iterator<Message> next = messages.iterator();
            work.add(STEPS, () -> {
                own.offer(next.next());
                loop.takeItems().forEach(entry -> own.settle(consumer, List.of((QueueEntry) entry)));
            });
        }
        work.run();
        work.check(() -> {
            assertThat(memory.bytes()).as("bytes held").isZero();
            queues.forEach(each -> each.offer(messages.get(0)));
            assertThat(memory.bytes()).as("one message, four places").isBetween(300L, 1_000L);
        });
    }

    private static void nobodyStarves(Queue queue, List<Party> parties) {
        for (Party party : parties) {
            party.receive();
            if (party.hand.size() < PREFETCH) {
                assertThat(queue.desk().browse(-1, 1))
                        .as("ready, with a consumer")
                        .isEmpty();
            }
        }
    }

    private void everyMessageIsDone(Queue queue, List<Party> parties) {
        for (int round = 0; round < options.maxQueueMessages(); round++) {
            parties.forEach(Party::settle);
        }
        assertThat(queue.desk().browse(-1, 1)).isEmpty();
        for (int number = 0; number < places.length(); number++) {
            assertThat(places.get(number)).as("where message %d is", number).isIn(NOT_SENT, DONE);
        }
    }

    private void everybodyHasFullCredit(Queue queue, List<Party> parties) {
        List<Message> messages = newMessages(THREADS * STEPS * 3, THREADS * PREFETCH + 1);
        messages.forEach(message -> move(message, NOT_SENT, IN_QUEUE));
        messages.forEach(queue::offer);
        parties.forEach(Party::receive);
        assertThat(parties).allSatisfy(party -> assertThat(party.hand).hasSize(PREFETCH));
        assertThat(queue.desk().browse(-1, 2)).hasSize(1);
    }

    private void nothingIsLeft(Queue queue, List<Party> parties) {
        parties.forEach(party -> queue.unsubscribe(party.consumer));
        RecordedLoop loop = new RecordedLoop();
        QueueConsumer last = new QueueConsumer(queue, new TestSubscriber(loop, 1), MessageFilter.ALL);
        assertThat(queue.subscribe(last)).isTrue();
        List<QueueEntry> entries =
                loop.takeItems().stream().map(QueueEntry.class::cast).toList();
        assertThat(entries).hasSize(1);
        queue.settle(last, entries);
        queue.unsubscribe(last);
        assertThat(queue.retireIfUnused()).as("gone with messages in it").isFalse();
        parties.forEach(Party::settle);
        assertThat(memory.bytes()).as("bytes held").isZero();
        assertThat(queue.retireIfUnused()).as("gone, without messages").isTrue();
        assertThat(queue.statistics().bytes()).as("bytes in the queue's count").isZero();
    }

    /** A queue in which a publisher has room, or that has a consumer, has not gone, however often other threads sweep. */
    @Test
    void aQueueStaysAsLongAsSomebodyUsesIt() throws Exception {
        Queues queues = new Queues(options, null, new AtomicLong(), memory, new Loops(), () -> {}, new MessageCounts());
        DestinationQuota founder = new DestinationQuota(Integer.MAX_VALUE);
        HardWork work = new HardWork();
        List<Message> one = newMessages(0, 1);
        TestSubscriber subscriber = new TestSubscriber(new RecordedLoop(), PREFETCH);
        work.add(3 * STEPS, () -> {
            Queue queue = queues.reserve(KEY, one);
            stays(queue);
            queues.release(queue, one);
        });
        work.add(3 * STEPS, () -> {
            QueueConsumer consumer = queues.subscribe(KEY, subscriber, founder);
            stays(consumer.queue());
            consumer.queue().unsubscribe(consumer);
            queues.collect(consumer.queue());
        });
        work.add(6 * STEPS, () -> queues.collect(queues.get(KEY, founder)));
        work.run();
        work.check(() -> {
            queues.collect(queues.get(KEY, founder));
            assertThat(memory.bytes()).as("bytes held").isZero();
            assertThat(queues.count()).as("queues").isZero();
            // the whole quota is free again: one queue more would throw
            founder.add(Integer.MAX_VALUE);
        });
    }

    private static void stays(Queue queue) {
        if (queue.retireIfUnused()) {
            throw new AssertionError("gone while in use");
        }
    }
}
