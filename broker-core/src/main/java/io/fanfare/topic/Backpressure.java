package io.fanfare.topic;

import io.fanfare.loop.Congestion;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import io.fanfare.loop.Timer;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Sender;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of one loop that come faster than it hands them out, or than subscribers take them. What is more than a turn
 * should bring waits here, a part of it leaves in each turn, and nothing does to a connection that must have room first. The order
 * of each topic holds, and that of each sender, which is not read from meanwhile. Owned by its loop; what is for any thread says so.
 */
final class Backpressure {

    /** Of what should come in one turn, the part that leaves when some of it has waited: several subscriptions of a connection may get it. */
    private static final int PARTS = 2;

    /** Runs that one turn looks at. */
    private static final int MAX_LOOKED_AT = 1_000;

    /** When to look again, where nothing tells that a connection is waited for no longer. */
    private static final Duration RETRY = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(Backpressure.class);

    /** The messages of one {@link Fanout} that wait, or are on their way here. */
    static final class Lane implements Mailbox.Receiver {

        private static final AtomicIntegerFieldUpdater<Lane> MESSAGES =
                AtomicIntegerFieldUpdater.newUpdater(Lane.class, "messages");

        private static final AtomicReferenceFieldUpdater<Lane, @Nullable CountDownLatch> RELIEF =
                AtomicReferenceFieldUpdater.newUpdater(Lane.class, CountDownLatch.class, "relief");

        private final Backpressure backpressure;
        private final Fanout fanout;
        private volatile int messages;

        /** What threads wait for until none waits any more; null: no thread does. */
        private volatile @Nullable CountDownLatch relief;

        Lane(Backpressure backpressure, Fanout fanout) {
            this.backpressure = backpressure;
            this.fanout = fanout;
        }

        /** Whether there are none; asked by any thread. */
        boolean isEmpty() {
            return messages == 0;
        }

        @Override
        public void receive(Object[] items, int from, int to) {
            backpressure.add(fanout, items, from, to);
        }

        /** Whether a message would have to wait: there are some, or the loop has more than a turn should bring. */
        boolean isBusy() {
            return !isEmpty() || backpressure.loop.mailbox().isFull();
        }

        /** Counted down when the loop has taken what has been posted to it, and no message waits: one for all threads. */
        CountDownLatch relief() {
            CountDownLatch made = new CountDownLatch(1);
            CountDownLatch latch = RELIEF.updateAndGet(this, known -> known == null ? made : known);
            if (latch == made) {
                // behind what a full mailbox has now
                backpressure.loop.execute(this::tellIfEmpty);
            }
            return latch;
        }

        private void tellIfEmpty() {
            CountDownLatch latch = isEmpty() ? RELIEF.getAndSet(this, null) : null;
            if (latch != null) {
                latch.countDown();
            }
        }

        /**
         * Hands a message to the loop as one that waits, if it has to; called by any thread, under the topic's lock, so that no other
         * message of the topic comes between the look and the post.
         *
         * @return false when it need not wait, and is not posted
         */
        boolean holds(Message message, long size) {
            EventLoop loop = backpressure.loop;
            Sender sender = sender(message);
            if (!isBusy() && !backpressure.mustWait(sender)) {
                return false;
            }
            backpressure.count(this, sender, 1);
            loop.post(this, message, size);
            return true;
        }
    }

    /** Messages of one sender to one topic, in their order. */
    private static final class Run {
        private final Fanout fanout;
        private final @Nullable Sender sender;
        private final Object[] messages;

        /** The first that still waits. */
        private int next;

        Run(Fanout fanout, @Nullable Sender sender, Object[] messages) {
            this.fanout = fanout;
            this.sender = sender;
            this.messages = messages;
        }

        Message message(int index) {
            return (Message) messages[index];
        }

        boolean isEmpty() {
            return next == messages.length;
        }
    }

    private final EventLoop loop;

    /** The most bytes that may wait of messages whose sender can't: other nodes send on. */
    private final long maxWithoutSender;

    /** Messages without a sender that wait, or are on their way here: the broker's own program, or other nodes. */
    private final AtomicInteger withoutSender = new AtomicInteger();

    private long bytesWithoutSender;
    private final ArrayDeque<Run> runs = new ArrayDeque<>(0);

    /** Whether it goes on in the next turn. */
    private boolean goesOn;

    /** Runs while nothing can leave; null: something can, or there is nothing. */
    private @Nullable Timer timer;

    /**
     * Without messages.
     *
     * @param maxWithoutSender bytes of messages whose sender can't wait, that connections are waited for
     */
    Backpressure(EventLoop loop, long maxWithoutSender) {
        this.loop = loop;
        this.maxWithoutSender = maxWithoutSender;
        loop.onRelief(this::goOnSoon);
    }

    /** Whether earlier messages of a sender wait; where nobody can be asked to send on later, a congested loop has them wait. */
    private boolean mustWait(@Nullable Sender sender) {
        return sender == null ? withoutSender.get() > 0 || loop.isCongested() : sender.isHeldBack();
    }

    /** The sender that a message has to wait for; null: what comes from elsewhere, or from no connection, has none that waits. */
    private static @Nullable Sender sender(Message message) {
        Sender sender = message.sender();
        return sender == null || sender.isEcho() ? null : sender;
    }

    private void count(Lane lane, @Nullable Sender sender, int messages) {
        Lane.MESSAGES.addAndGet(lane, messages);
        if (sender == null) {
            withoutSender.addAndGet(messages);
        } else {
            sender.holdBack(messages);
        }
    }

    private void add(Fanout fanout, Object[] items, int from, int to) {
        assert loop.isCurrent();
        int start = from;
        while (start < to) {
            Sender sender = sender((Message) items[start]);
            int end = start + 1;
            while (end < to && sender((Message) items[end]) == sender) {
                end++;
            }
            Run run = new Run(fanout, sender, Arrays.copyOfRange(items, start, end));
            runs.add(run);
            hold(run, bytes(run, 0, end - start));
            start = end;
        }
        goOnSoon();
    }

    private void hold(Run run, long bytes) {
        loop.mailbox().holdBack(bytes);
        if (run.sender == null) {
            bytesWithoutSender += bytes;
        }
    }

    private static long bytes(Run run, int from, int to) {
        long bytes = 0;
        for (int i = from; i < to; i++) {
            bytes += run.message(i).size();
        }
        return bytes;
    }

    // ---- what leaves ------------------------------------------------------------------------------------------------

    private void goOnSoon() {
        if (!goesOn && !runs.isEmpty()) {
            goesOn = true;
            loop.execute(this::goOn);
        }
    }

    private void goOn() {
        goesOn = false;
        long most = Math.max(1, loop.mailbox().maxBytes() / PARTS);
        long room = most;
        // topics and senders of which something waits
        Set<Object> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
        ArrayDeque<Run> left = new ArrayDeque<>(0);
        for (int looked = 0; looked < MAX_LOOKED_AT && room > 0 && !runs.isEmpty(); looked++) {
            Run run = runs.remove();
            Object sender = run.sender == null ? this : run.sender;
            if (!waiting.contains(run.fanout) && !waiting.contains(sender)) {
                room -= handOut(run, room);
            }
            if (!run.isEmpty()) {
                left.add(run);
                waiting.add(run.fanout);
                waiting.add(sender);
            }
        }
        while (!left.isEmpty()) {
            runs.addFirst(left.removeLast());
        }
        if (room < most) {
            goOnSoon();
        } else if (!runs.isEmpty() && timer == null) {
            timer = loop.schedule(RETRY, () -> {
                timer = null;
                goOnSoon();
            });
        }
    }

    /**
     * Gives messages of a run to their subscribers, as far as there is room; the first may be larger.
     *
     * @return bytes of these
     */
    private long handOut(Run run, long room) {
        int from = run.next;
        int end = run.messages.length;
        if (bytesWithoutSender <= maxWithoutSender) {
            end = run.fanout.firstCongested(run.messages, from, end);
        }
        long bytes = 0;
        int to = from;
        while (to < end && (to == from || bytes + run.message(to).size() <= room)) {
            bytes += run.message(to++).size();
        }
        if (to == from) {
            return 0;
        }
        run.next = to;
        try {
            run.fanout.receive(run.messages, from, to);
        } catch (RuntimeException | Error e) {
            LOG.error("bug in {}", run.fanout, e);
        }
        Arrays.fill(run.messages, from, to, null);
        hold(run, -bytes);
        count(run.fanout.lane(), run.sender, from - to);
        run.fanout.lane().tellIfEmpty();
        if (run.fanout.lane().isEmpty()) {
            // its topic may have gone meanwhile
            run.fanout.state().drop(run.fanout);
        }
        return bytes;
    }

    // ---- subscribers that are waited for ----------------------------------------------------------------------------

    /**
     * The first of some messages that members, which must have room first, would get.
     *
     * @return its index; the end: none is
     */
    static int firstCongested(
            TopicSubscriber[] members, int size, MessageFilter filter, Object[] messages, int from, int to) {
        if (congestion(members, size) == null) {
            return to;
        }
        int first = from;
        while (first < to && !filter.accepts((Message) messages[first])) {
            first++;
        }
        return first;
    }

    private static @Nullable Congestion congestion(TopicSubscriber[] members, int size) {
        for (int i = 0; i < size; i++) {
            Congestion congestion = members[i].outbox().congestion();
            if (congestion != null && congestion.holdsPublishers()) {
                return congestion;
            }
        }
        return null;
    }

    /**
     * Has senders wait for the first of the members that holds publishers back; nothing happens when there is none.
     *
     * @param behind messages that follow the first, from one index to another, as far as the filter accepts them
     */
    static void holdBack(
            TopicSubscriber[] members,
            int size,
            MessageFilter filter,
            Message first,
            Object[] behind,
            int from,
            int to) {
        Congestion congestion = congestion(members, size);
        if (congestion == null) {
            return;
        }
        first.waitFor(congestion);
        for (int i = from; i < to; i++) {
            Message message = (Message) behind[i];
            if (filter.accepts(message)) {
                message.waitFor(congestion);
            }
        }
    }
}
