package io.fanfare.queue;

import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.loop.MonotonicClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A destination that keeps each message until one subscriber has settled it. Shared by all loops; everything in here
 * happens under its lock.
 */
public final class Queue {

    /** Expired messages that one operation removes; a sweep removes the rest. */
    private static final int EXPIRED_AT_ONCE = 100;

    /** The most messages that make room for a new one at a time. */
    private static final int DROPPED_AT_ONCE = 100;

    /** What it is called; null: the queue of one subscription, which has no name. */
    private final @Nullable Destination destination;

    private final long number;
    private final QueueOptions options;
    private final Room room;
    private final Steps steps;

    /** What no consumer has. */
    private final ReadyMessages ready;

    private final Groups groups;
    private final Dispatcher dispatcher;

    /** Whether a loop will go on handing out what one operation could not. */
    private boolean goesOn;

    /** How many give back a part at a time just now. */
    private int returning;

    private long sequence;

    /** The quota that it counts against; null: none. */
    private final @Nullable DestinationQuota founder;

    /** Whether it outlives its last consumer and message. */
    private final boolean kept;

    private boolean gone;

    /**
     * A queue.
     *
     * @param destination what it is called; null: the queue of one subscription, which has no name
     * @param founder the quota that it counts against while it exists; null: none
     * @param kept whether its owner ends it, and not its last consumer or message
     */
    public Queue(
            @Nullable Destination destination,
            long number,
            QueueOptions options,
            Memory memory,
            @Nullable DestinationQuota founder,
            boolean kept) {
        this(destination, number, options, memory, founder, kept, new Steps());
    }

    /** A queue with other limits of what one operation may do. */
    Queue(
            @Nullable Destination destination,
            long number,
            QueueOptions options,
            Memory memory,
            @Nullable DestinationQuota founder,
            boolean kept,
            Steps steps) {
        this.destination = destination;
        this.number = number;
        this.options = options;
        this.room = new Room(destination, options, memory);
        this.founder = founder;
        this.kept = kept;
        this.steps = steps;
        this.ready = new ReadyMessages(steps, this::forget);
        this.groups = new Groups(memory);
        this.dispatcher = new Dispatcher(ready, groups, steps);
    }

    public @Nullable Destination destination() {
        return destination;
    }

    /**
     * Makes room for messages; {@link #fill} or {@link #release} follows. Called by any thread.
     *
     * @return false when the queue has gone in the meantime
     * @throws ProtocolException when they don't all fit; nothing has changed then
     */
    public synchronized boolean reserve(List<Message> coming) {
        if (gone) {
            return false;
        }
        steps.begin();
        // at least as many as are to come, or a queue of expired messages would be full for them
        ready.removeExpired(MonotonicClock.millis(), EXPIRED_AT_ONCE + coming.size());
        room.reserve(coming);
        return true;
    }

    /** Gives the room back. */
    public synchronized void release(List<Message> notComing) {
        room.release(notComing);
    }

    /** Takes the messages that room was made for, with nothing between them. */
    public synchronized Outcome fill(List<Message> come) {
        steps.begin();
        long before = dispatcher.count();
        for (int i = 0; i < come.size(); i++) {
            add(come.get(i));
        }
        // publishers do not do the work of consumers that are late
        dispatch(false);
        int taken = (int) Math.min(come.size(), dispatcher.count() - before);
        return new Outcome(come.size(), taken, come.size() - taken, 0);
    }

    /**
     * Takes one message.
     *
     * @throws ProtocolException when there is no room
     */
    public synchronized void offer(Message message) {
        List<Message> one = List.of(message);
        if (reserve(one)) {
            fill(one);
        }
    }

    private void add(Message message) {
        sequence++;
        if (!message.isPlaced()) {
            message.place(number, sequence);
        }
        QueueEntry entry = new QueueEntry(message, sequence);
        ready.put(entry);
        if (!room.isAbandoned()) {
            groups.came(message);
        }
        dispatcher.added(entry);
    }

    /** A message leaves the queue for good. */
    private void forget(QueueEntry entry) {
        room.take(-1, -entry.message().size());
        groups.went(entry.message());
    }

    /** Adds a consumer, with its credit; false when the queue has gone in the meantime. */
    public synchronized boolean subscribe(QueueConsumer consumer) {
        if (gone) {
            return false;
        }
        steps.begin();
        dispatcher.add(consumer);
        removeExpiredAndDispatch();
        return true;
    }

    /** Removes a consumer; what it has not settled and does not give back stays its own to settle. */
    public synchronized void unsubscribe(QueueConsumer consumer) {
        steps.begin();
        dispatcher.remove(consumer);
        removeExpiredAndDispatch();
    }

    /** These are done with: the consumer, if it is still there, may have as many new ones. */
    public synchronized void settle(QueueConsumer consumer, List<QueueEntry> entries) {
        long size = 0;
        for (int i = 0; i < entries.size(); i++) {
            Message message = entries.get(i).message();
            size += message.size();
            groups.went(message);
        }
        room.take(-entries.size(), -size);
        refill(consumer, entries.size());
    }

    /**
     * These were delivered, or on their way, and have not been settled: others get them, before newer ones.
     *
     * @return those that have been delivered too often, which the caller now has to put elsewhere
     */
    public List<QueueEntry> giveBack(QueueConsumer consumer, List<QueueEntry> entries) {
        List<QueueEntry> dead = new ArrayList<>(0);
        List<QueueEntry> rest = putBackAllButLast(entries, dead);
        synchronized (this) {
            putBackLast(rest, entries, dead);
            refill(consumer, entries.size());
        }
        return dead;
    }

    /**
     * As {@link #unsubscribe} and {@link #giveBack} in one: no consumer gets newer messages before these.
     *
     * @return those that have been delivered too often
     */
    public List<QueueEntry> leave(QueueConsumer consumer, List<QueueEntry> entries) {
        List<QueueEntry> dead = new ArrayList<>(0);
        List<QueueEntry> rest = putBackAllButLast(entries, dead);
        synchronized (this) {
            putBackLast(rest, entries, dead);
            steps.begin();
            dispatcher.remove(consumer);
            removeExpiredAndDispatch();
        }
        return dead;
    }

    /**
     * Puts back a part at a time, so that others get the lock between. Until the last part has come no message is handed out.
     *
     * @return the last part, for {@link #putBackLast}
     */
    private List<QueueEntry> putBackAllButLast(List<QueueEntry> entries, List<QueueEntry> dead) {
        int from = 0;
        while (entries.size() - from > steps.limit()) {
            int to = from + steps.limit();
            synchronized (this) {
                returning += from == 0 ? 1 : 0;
                putBack(entries.subList(from, to), dead);
            }
            from = to;
        }
        return entries.subList(from, entries.size());
    }

    private void putBackLast(List<QueueEntry> rest, List<QueueEntry> entries, List<QueueEntry> dead) {
        returning -= rest.size() < entries.size() ? 1 : 0;
        putBack(rest, dead);
    }

    private void putBack(List<QueueEntry> entries, List<QueueEntry> dead) {
        steps.begin();
        for (QueueEntry entry : entries) {
            steps.take();
            if (entry.deliveries() >= options.maxDeliveries() && !DeadLetters.isDeadLetterQueue(destination)) {
                forget(entry);
                dead.add(entry);
            } else {
                ready.put(entry);
                dispatcher.added(entry);
            }
        }
    }

    private void refill(QueueConsumer consumer, int credit) {
        steps.begin();
        dispatcher.addCredit(consumer, credit);
        removeExpiredAndDispatch();
    }

    private void removeExpiredAndDispatch() {
        ready.removeExpired(MonotonicClock.millis(), EXPIRED_AT_ONCE);
        dispatch(true);
    }

    private void dispatch(boolean all) {
        if (returning > 0) {
            return;
        }
        QueueConsumer next = dispatcher.dispatch(MonotonicClock.millis(), all);
        if (next != null && !goesOn) {
            goesOn = true;
            next.loop().execute(this::goOn);
        }
    }

    private synchronized void goOn() {
        goesOn = false;
        steps.begin();
        removeExpiredAndDispatch();
    }

    /**
     * Some of the ready messages, in order, without taking them. There may be expired ones among them.
     *
     * @param after the place behind which to begin
     */
    synchronized List<QueueEntry> browse(long after, int most) {
        steps.begin();
        return ready.behind(after, most);
    }

    /** Throws away the oldest ready message to make room; false when there is none. */
    synchronized boolean dropOldest() {
        QueueEntry oldest = ready.from(0);
        if (oldest != null) {
            ready.remove(oldest);
            forget(oldest);
        }
        return oldest != null;
    }

    /**
     * Throws away the oldest ready messages until there is room for this one, a bounded number.
     *
     * @return false when there is nothing left to throw away, or the message is larger than the queue may be
     */
    synchronized boolean dropOldestFor(Message message) {
        if (message.size() > options.maxQueueBytes()) {
            return false;
        }
        for (int dropped = 0; dropped < DROPPED_AT_ONCE; dropped++) {
            if (room.hasRoom(1, message.size())) {
                return true;
            }
            if (!dropOldest()) {
                return false;
            }
        }
        return true;
    }

    /** Its owner has gone: what it holds counts no more, and it takes nothing any more. */
    public synchronized void abandon() {
        gone = true;
        room.abandon();
        groups.clear();
        ready.clear();
    }

    /** Retires a queue without messages and consumers; true when it is retired, and takes nothing any more. */
    synchronized boolean retireIfUnused() {
        steps.begin();
        ready.removeExpired(MonotonicClock.millis(), EXPIRED_AT_ONCE);
        gone |= !kept && room.isEmpty() && dispatcher.isEmpty();
        return gone;
    }

    /** Gives its place in the quota back; called once, when it has been removed. */
    void releaseQuota() {
        if (founder != null) {
            founder.remove(1);
        }
    }

    /**
     * Removes messages that have expired, a bounded number.
     *
     * @return how many; 0: no others are left
     */
    synchronized int sweep() {
        steps.begin();
        return ready.removeExpired(MonotonicClock.millis(), EXPIRED_AT_ONCE);
    }

    /** Whether there is a ready message with a time to live. */
    synchronized boolean mayExpire() {
        return !gone && ready.mayExpire();
    }

    /** What its operations have done under the lock so far. */
    synchronized Steps steps() {
        return steps;
    }
}
