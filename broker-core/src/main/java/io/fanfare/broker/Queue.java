package io.fanfare.broker;

import io.fanfare.frame.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A destination that keeps each message until one subscriber has settled it. Shared by all loops; everything in here
 * happens under its lock.
 */
final class Queue {

    private final String key;
    private final long number;
    private final BrokerOptions options;
    private final Memory memory;
    private final Dispatcher dispatcher = new Dispatcher();

    /** What no consumer has, by place. */
    private final TreeMap<Long, QueueEntry> ready = new TreeMap<>();

    private long sequence;

    /** Messages that are not settled, and their size: the ready ones and the delivered ones. */
    private int messages;

    private long bytes;

    /** When the first of the ready ones may be of no use any more, milliseconds of the epoch. */
    private long nextExpiry = SendProperties.NEVER;

    /** For whom it counts; null: for nobody. */
    private final @Nullable Holdings founder;

    /** Whether it outlives its last consumer and message. */
    private final boolean kept;

    private boolean gone;

    /** Nobody will come for what it holds. */
    private boolean abandoned;

    /**
     * A queue.
     *
     * @param key what {@link Destination#key} calls it
     * @param founder for whom it counts as long as it is there; null: for nobody
     * @param kept whether somebody holds it who will let go of it himself
     */
    Queue(String key, long number, BrokerOptions options, Memory memory, @Nullable Holdings founder, boolean kept) {
        this.key = key;
        this.number = number;
        this.options = options;
        this.memory = memory;
        this.founder = founder;
        this.kept = kept;
    }

    String key() {
        return key;
    }

    /**
     * Makes room for messages; {@link #fill} or {@link #release} follows. Called by any thread.
     *
     * @return false when the queue has gone in the meantime
     * @throws ProtocolException when they don't all fit; nothing has changed then
     */
    synchronized boolean reserve(List<Message> coming) {
        if (gone) {
            return false;
        }
        long size = size(coming);
        checkRoom(coming.size(), size);
        count(coming.size(), size);
        return true;
    }

    /** Gives the room back. */
    synchronized void release(List<Message> notComing) {
        count(-notComing.size(), -size(notComing));
    }

    /** Takes the messages that room was made for, with nothing between them. */
    synchronized Outcome fill(List<Message> come) {
        int before = ready.size();
        for (int i = 0; i < come.size(); i++) {
            add(come.get(i));
        }
        dispatcher.dispatch(ready);
        int taken = Math.min(come.size(), Math.max(0, before + come.size() - ready.size()));
        return new Outcome(come.size(), taken, come.size() - taken, 0);
    }

    /**
     * Takes one message.
     *
     * @throws ProtocolException when there is no room
     */
    synchronized void offer(Message message) {
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

    private void add(Message message) {
        sequence++;
        if (!message.isPlaced()) {
            message.place(number, sequence);
        }
        nextExpiry = Math.min(nextExpiry, message.properties().expires());
        QueueEntry entry = new QueueEntry(message, sequence);
        ready.put(entry.place(), entry);
        dispatcher.added(entry);
    }

    private void checkRoom(int moreMessages, long moreBytes) {
        removeExpired(Uptime.millis());
        if (messages + moreMessages > options.maxQueueMessages()) {
            throw full(String.format(
                    Locale.ROOT,
                    "%,d messages, its limit is %,d (max_queue_messages)",
                    messages,
                    options.maxQueueMessages()));
        }
        if (bytes + moreBytes > options.maxQueueBytes()) {
            throw full(String.format(
                    Locale.ROOT, "%,d B, its limit is %,d (max_queue_bytes)", bytes, options.maxQueueBytes()));
        }
    }

    private ProtocolException full(String held) {
        String name = Topic.isPublic(key) ? "/queue/" + key : "the queue of this subscription";
        return new ProtocolException("queue full", name + " holds " + held);
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
    synchronized boolean subscribe(Consumer consumer) {
        if (gone) {
            return false;
        }
        removeExpired(Uptime.millis());
        dispatcher.add(consumer);
        dispatcher.dispatch(ready);
        return true;
    }

    /** Removes a consumer; what it has not settled and does not give back stays its own to settle. */
    synchronized void unsubscribe(Consumer consumer) {
        dispatcher.remove(consumer);
        removeExpired(Uptime.millis());
        dispatcher.dispatch(ready);
    }

    /** These are done with: the consumer, if it is still there, may have as many new ones. */
    synchronized void settle(Consumer consumer, int count, long size) {
        count(-count, -size);
        refill(consumer, count);
    }

    /**
     * These were delivered, or on their way, and have not been settled: others get them, before newer ones.
     *
     * @return those that have been delivered too often, which the caller now has to put elsewhere
     */
    synchronized List<QueueEntry> giveBack(Consumer consumer, List<QueueEntry> entries) {
        List<QueueEntry> dead = putBack(entries);
        refill(consumer, entries.size());
        return dead;
    }

    /**
     * As {@link #unsubscribe} and {@link #giveBack} in one: nobody gets newer messages before these.
     *
     * @return those that have been delivered too often
     */
    synchronized List<QueueEntry> leave(Consumer consumer, List<QueueEntry> entries) {
        dispatcher.remove(consumer);
        List<QueueEntry> dead = putBack(entries);
        removeExpired(Uptime.millis());
        dispatcher.dispatch(ready);
        return dead;
    }

    private List<QueueEntry> putBack(List<QueueEntry> entries) {
        List<QueueEntry> dead = new ArrayList<>(0);
        for (QueueEntry entry : entries) {
            if (entry.deliveries() >= options.maxDeliveries() && !DeadLetters.isDeadLetterQueue(key)) {
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

    private void refill(Consumer consumer, int credit) {
        consumer.addCredit(credit);
        removeExpired(Uptime.millis());
        dispatcher.dispatch(ready);
    }

    /**
     * Some of the ready messages, in order, without taking them.
     *
     * @param after the place behind which to begin
     */
    synchronized List<QueueEntry> browse(long after, int most) {
        removeExpired(Uptime.millis());
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

    /** Its owner has gone: what it holds is nobody's any more. */
    synchronized void abandon() {
        if (!abandoned) {
            memory.hold(-bytes);
            abandoned = true;
            ready.clear();
        }
    }

    /** Whether nobody would miss it; it is of no use any more when the answer is yes. */
    synchronized boolean goIfUnused() {
        removeExpired(Uptime.millis());
        gone |= !kept && messages == 0 && dispatcher.isEmpty();
        return gone;
    }

    /** It is not there any more; called once, by whoever has taken it away. */
    void countNoMore() {
        if (founder != null) {
            founder.remove(1);
        }
    }

    /** Whether there is a ready message with a time to live. */
    synchronized boolean mayExpire() {
        return !gone && nextExpiry != SendProperties.NEVER;
    }

    synchronized boolean hasConsumers() {
        return !dispatcher.isEmpty();
    }
}
