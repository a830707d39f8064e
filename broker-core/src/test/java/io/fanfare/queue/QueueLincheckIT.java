package io.fanfare.queue;

import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.testing.LincheckMessages;
import io.fanfare.testing.RecordedLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * A queue that two threads use at once, each with a consumer of its own: what they see could have happened one after the
 * other, no message is lost, and none is with two of them. The scenarios are the same in each run, the schedules are the machine's.
 */
@Param(name = "thread", gen = ThreadIdGen.class)
public class QueueLincheckIT {

    private static final int PARTIES = 2;

    /** With a credit of one no step of a queue shows a consumer half of what it does. */
    private static final int CREDIT = 1;

    private final Queue queue = new Queue(
            Destination.queue("q"),
            1,
            QueueOptions.DEFAULT,
            new Memory(MemoryOptions.DEFAULT, new Loops()),
            new MessageCounts(),
            null,
            false,
            new Steps());
    private final Party[] parties = new Party[PARTIES];

    public QueueLincheckIT() {
        for (int i = 0; i < PARTIES; i++) {
            parties[i] = new Party(i, queue);
        }
    }

    /** What one thread does with the queue, and what it has of it. */
    private static final class Party {

        private final Queue queue;
        private final RecordedLoop loop = new RecordedLoop();
        private final QueueConsumer consumer;
        private final List<QueueEntry> hand = new ArrayList<>();
        private final List<Integer> sent = new ArrayList<>();
        private final List<Integer> settled = new ArrayList<>();
        private List<Message> reserved = List.of();
        private int next;
        private boolean subscribed;

        Party(int thread, Queue queue) {
            this.queue = queue;
            this.consumer = new QueueConsumer(queue, new TestSubscriber(loop, CREDIT), MessageFilter.ALL);
            this.next = 10 * thread;
        }

        Message newMessage() {
            return LincheckMessages.message(next++);
        }

        void sent(Message message) {
            sent.add(LincheckMessages.number(message));
        }

        /** Takes what the queue has posted to its loop. */
        void receive() {
            for (Object item : loop.takeItems()) {
                hand.add((QueueEntry) item);
            }
        }
    }

    @Operation
    public void offer(@Param(name = "thread") int thread) {
        Message message = parties[thread % PARTIES].newMessage();
        queue.offer(message);
        parties[thread % PARTIES].sent(message);
    }

    @Operation
    public boolean reserve(@Param(name = "thread") int thread) {
        Party party = parties[thread % PARTIES];
        if (!party.reserved.isEmpty()) {
            return false;
        }
        List<Message> two = List.of(party.newMessage(), party.newMessage());
        boolean there = queue.reserve(two);
        party.reserved = there ? two : List.of();
        return there;
    }

    @Operation
    public String fill(@Param(name = "thread") int thread) {
        Party party = parties[thread % PARTIES];
        List<Message> messages = party.reserved;
        party.reserved = List.of();
        String outcome =
                messages.isEmpty() ? "nothing" : "taken " + queue.fill(messages).delivered();
        messages.forEach(party::sent);
        return outcome;
    }

    @Operation
    public boolean subscribe(@Param(name = "thread") int thread) {
        Party party = parties[thread % PARTIES];
        boolean first = !party.subscribed;
        party.subscribed = true;
        return first && queue.subscribe(party.consumer);
    }

    @Operation
    public void unsubscribe(@Param(name = "thread") int thread) {
        queue.unsubscribe(parties[thread % PARTIES].consumer);
    }

    /** What it has received and not settled. */
    @Operation
    public List<Integer> receive(@Param(name = "thread") int thread) {
        Party party = parties[thread % PARTIES];
        party.receive();
        return numbers(party.hand);
    }

    @Operation
    public List<Integer> settle(@Param(name = "thread") int thread) {
        Party party = parties[thread % PARTIES];
        party.receive();
        List<Integer> numbers = numbers(party.hand);
        for (QueueEntry entry : party.hand) {
            queue.settle(party.consumer, List.of(entry));
        }
        party.settled.addAll(numbers);
        party.hand.clear();
        return numbers;
    }

    @Operation
    public List<Integer> giveBack(@Param(name = "thread") int thread) {
        Party party = parties[thread % PARTIES];
        party.receive();
        List<QueueEntry> back = List.copyOf(party.hand);
        party.hand.clear();
        if (!back.isEmpty()) {
            queue.giveBack(party.consumer, back);
        }
        return numbers(back);
    }

    @Operation
    public boolean retireIfUnused() {
        return queue.retireIfUnused();
    }

    @Operation
    public List<Integer> browse() {
        return numbers(queue.desk().browse(-1, Integer.MAX_VALUE));
    }

    /** At the end, each message is ready, with one consumer, or settled; a queue that has gone takes none. */
    @Validate
    public void eachMessageIsInOnePlace() {
        List<Integer> sent = new ArrayList<>();
        List<Integer> found = new ArrayList<>(browse());
        for (Party party : parties) {
            party.receive();
            sent.addAll(party.sent);
            found.addAll(numbers(party.hand));
            found.addAll(party.settled);
        }
        boolean once = new HashSet<>(found).size() == found.size();
        boolean nothingLost = found.size() == sent.size() || queue.retireIfUnused();
        if (!once || !nothingLost || !sent.containsAll(found)) {
            throw new AssertionError("sent " + sent + ", found " + found);
        }
    }

    private static List<Integer> numbers(List<QueueEntry> entries) {
        List<Integer> numbers = new ArrayList<>();
        for (QueueEntry entry : entries) {
            numbers.add(LincheckMessages.number(entry.message()));
        }
        return numbers;
    }

    @Test
    void whatThreadsSeeCouldHaveHappenedOneAfterTheOther() {
        new StressOptions()
                .iterations(10)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .check(QueueLincheckIT.class);
    }
}
