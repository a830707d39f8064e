package io.fanfare.queue;

import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.loop.MonotonicClock;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A destination that keeps each message until one subscriber has settled it. Shared by all loops; everything in here
 * happens under its lock.
 */
public final class Queue {

    /** The most messages that make room for a new one at a time. */
    private static final int DROPPED_AT_ONCE = 100;

    /** What it is called; null: the queue of one subscription, which has no name. */
    private final @Nullable Destination destination;

    private final long number;
    private final QueueOptions options;
    private final Memory memory;
    private final Dispatcher dispatcher = new Dispatcher();

    /** What no consumer has, by place. */
    private final TreeMap<Long, QueueEntry> ready = new TreeMap<>();

    /** What a NACK gave back and is not ready yet. */
    private final Redeliveries redeliveries;

    private long sequence;

    /** Messages that are not settled, and their size: the ready ones and the delivered ones. */
    private int messages;

    private long bytes;

    /** When the first of the ready ones may be of no use any more, milliseconds of the epoch. */
    private long nextExpiry = SendProperties.NEVER;

    /** The quota that it counts against; null: none. */
    private final @Nullable DestinationQuota founder;

    /** Whether it outlives its last consumer and message. */
    private final boolean kept;

    private boolean gone;

    /** No consumer will come for what it holds. */
    private boolean abandoned;

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
        this.destination = destination;
        this.number = number;
        this.options = options;
        this.redeliveries = new Redeliveries(options);
        this.memory = memory;
        this.founder = founder;
        this.kept = kept;
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
        long size = size(coming);
        checkRoom(coming.size(), size);
        count(coming.size(), size);
        return true;
    }

    /** Gives the room back. */
    public synchronized void release(List<Message> notComing) {
        count(-notComing.size(), -size(notComing));
    }

    /** Takes the messages that room was made for, with nothing between them. */
    public synchronized Outcome fill(List<Message> come) {
        int before = ready.size();
        List<QueueEntry> forNow = new ArrayList<>(0);
        for (int i = 0; i < come.size(); i++) {
            QueueEntry entry = add(come.get(i));
            if (entry.isForNow()) {
                forNow.add(entry);
            }
        }
        dispatcher.dispatch(ready);
        int taken = Math.min(come.size(), Math.max(0, before + come.size() - ready.size()));
        int dropped = drop(forNow);
        return new Outcome(come.size(), taken, come.size() - taken - dropped, dropped);
    }

    /** Nothing waits for these now, and they are kept for none. */
    private int drop(List<QueueEntry> forNow) {
        int dropped = 0;
        for (QueueEntry entry : forNow) {
            if (ready.remove(entry.place(), entry)) {
                forget(entry.message().size());
                dropped++;
            }
        }
        return dropped;
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

    private static long size(List<Message> messages) {
        long size = 0;
        for (int i = 0; i < messages.size(); i++) {
            size += messages.get(i).size();
        }
        return size;
    }

    private QueueEntry add(Message message) {
        sequence++;
        if (!message.isPlaced()) {
            message.place(number, sequence);
        }
        QueueEntry entry = new QueueEntry(message, sequence);
        if (!entry.isForNow()) {
            nextExpiry = Math.min(nextExpiry, message.properties().expires());
        }
        ready.put(entry.place(), entry);
        dispatcher.added(entry);
        return entry;
    }

    private void checkRoom(int moreMessages, long moreBytes) {
        removeExpired(MonotonicClock.millis());
        if (messages + moreMessages > options.maxQueueMessages()) {
            throw full("%,d messages", messages, options.maxQueueMessages(), "max_queue_messages");
        }
        if (bytes + moreBytes > options.maxQueueBytes()) {
            throw full("%,d B", bytes, options.maxQueueBytes(), "max_queue_bytes");
        }
    }

    private ProtocolException full(String unit, long held, long limit, String key) {
        Destination named = destination;
        String name = named != null && named.isShared()
                ? DestinationText.of(named).replace("%", "%%")
                : "the queue of this subscription";
        return new ProtocolException("queue full", Limits.exceeded(name + " holds " + unit, held, limit, key));
    }

    private void removeExpired(long now) {
        if (now < nextExpiry) {
            return;
        }
        nextExpiry = SendProperties.NEVER;
        ready.values().removeIf(entry -> {
            if (entry.message().isExpired(now)) {
                forget(entry.message().size());
                return true;
            }
            nextExpiry = Math.min(nextExpiry, entry.message().properties().expires());
            return false;
        });
    }

    private void forget(long size) {
        count(-1, -size);
    }

    private void count(int moreMessages, long moreBytes) {
        messages += moreMessages;
        bytes += moreBytes;
        if (!abandoned) {
            memory.hold(moreBytes);
        }
    }

    /** Adds a consumer, with its credit; false when the queue has gone in the meantime. */
    public synchronized boolean subscribe(QueueConsumer consumer) {
        if (gone) {
            return false;
        }
        removeExpired(MonotonicClock.millis());
        dispatcher.add(consumer);
        dispatcher.dispatch(ready);
        return true;
    }

    /** Removes a consumer; what it has not settled and does not give back stays its own to settle. */
    public synchronized void unsubscribe(QueueConsumer consumer) {
        dispatcher.remove(consumer);
        removeExpired(MonotonicClock.millis());
        dispatcher.dispatch(ready);
    }

    /** These are done with: the consumer, if it is still there, may have as many new ones. */
    public synchronized void settle(QueueConsumer consumer, int count, long size) {
        count(-count, -size);
        refill(consumer, count);
    }

    /**
     * These were delivered, or on their way, and have not been settled: others get them, before newer ones.
     *
     * @return those that have been delivered too often, which the caller now has to put elsewhere
     */
    public synchronized List<QueueEntry> giveBack(QueueConsumer consumer, List<QueueEntry> entries) {
        List<QueueEntry> dead = putBack(entries);
        refill(consumer, entries.size());
        return dead;
    }

    /**
     * As {@link #giveBack}, but those that a NACK is about may have to wait among {@link #redeliveries}.
     *
     * @param millis how long; {@link Deliveries#BACK_OFF}: as their deliveries and the options say
     * @param now the loop's clock, nanoseconds
     */
    List<QueueEntry> giveBackLater(QueueConsumer consumer, List<QueueEntry> entries, long millis, long now) {
        List<QueueEntry> atOnce = new ArrayList<>(entries.size());
        for (QueueEntry entry : entries) {
            if (entry.isForNow() || isWornOut(entry) || !redeliveries.add(entry, millis, now)) {
                atOnce.add(entry);
            }
        }
        List<QueueEntry> dead = giveBack(consumer, atOnce);
        synchronized (this) {
            // a consumer that waits for its own message may have others
            refill(consumer, entries.size() - atOnce.size());
        }
        return dead;
    }

    Redeliveries redeliveries() {
        return redeliveries;
    }

    /** These have waited long enough and are ready again, in their old places. */
    synchronized void redeliver(List<QueueEntry> due) {
        putBack(due);
        removeExpired(MonotonicClock.millis());
        dispatcher.dispatch(ready);
    }

    private boolean isWornOut(QueueEntry entry) {
        return entry.deliveries() >= options.maxDeliveries() && !DeadLetters.isDeadLetterQueue(destination);
    }

    /**
     * As {@link #unsubscribe} and {@link #giveBack} in one: no consumer gets newer messages before these.
     *
     * @return those that have been delivered too often
     */
    public synchronized List<QueueEntry> leave(QueueConsumer consumer, List<QueueEntry> entries) {
        dispatcher.remove(consumer);
        List<QueueEntry> dead = putBack(entries);
        removeExpired(MonotonicClock.millis());
        dispatcher.dispatch(ready);
        return dead;
    }

    private List<QueueEntry> putBack(List<QueueEntry> entries) {
        List<QueueEntry> dead = new ArrayList<>(0);
        for (QueueEntry entry : entries) {
            if (entry.isForNow()) {
                // its time was over when it had been delivered
                forget(entry.message().size());
            } else if (isWornOut(entry)) {
                forget(entry.message().size());
                dead.add(entry);
            } else {
                ready.put(entry.place(), entry);
                nextExpiry = Math.min(nextExpiry, entry.message().properties().expires());
                dispatcher.added(entry);
            }
        }
        return dead;
    }

    private void refill(QueueConsumer consumer, int credit) {
        consumer.addCredit(credit);
        removeExpired(MonotonicClock.millis());
        dispatcher.dispatch(ready);
    }

    /**
     * Some of the ready messages, in order, without taking them.
     *
     * @param after the place behind which to begin
     */
    synchronized List<QueueEntry> browse(long after, int most) {
        removeExpired(MonotonicClock.millis());
        List<QueueEntry> seen = new ArrayList<>();
        for (Map.Entry<Long, QueueEntry> entry : ready.tailMap(after, false).entrySet()) {
            if (seen.size() == most) {
                break;
            }
            seen.add(entry.getValue());
        }
        return seen;
    }

    /** Throws away the oldest ready message to make room; false when there is none. */
    synchronized boolean dropOldest() {
        Map.Entry<Long, QueueEntry> oldest = ready.pollFirstEntry();
        if (oldest != null) {
            forget(oldest.getValue().message().size());
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
            if (messages < options.maxQueueMessages() && bytes + message.size() <= options.maxQueueBytes()) {
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
        if (!abandoned) {
            memory.hold(-bytes);
            abandoned = true;
            ready.clear();
            redeliveries.close();
        }
    }

    /** Retires a queue without messages and consumers; true when it is retired, and takes nothing any more. */
    synchronized boolean retireIfUnused() {
        removeExpired(MonotonicClock.millis());
        gone |= !kept && messages == 0 && dispatcher.isEmpty();
        return gone;
    }

    /** Gives its place in the quota back; called once, when it has been removed. */
    void releaseQuota() {
        if (founder != null) {
            founder.remove(1);
        }
    }

    /** Whether there is a ready message with a time to live. */
    synchronized boolean mayExpire() {
        return !gone && nextExpiry != SendProperties.NEVER;
    }
}
