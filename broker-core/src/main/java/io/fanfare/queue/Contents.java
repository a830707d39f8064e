package io.fanfare.queue;

import io.fanfare.backplane.Lease;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.Drop;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.statistics.QueueStatistics;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The messages that a queue holds, ready or not settled, and how many it may. Belongs to the queue's lock. */
final class Contents {

    /** Expired messages that one operation removes; a sweep removes the rest. */
    private static final int EXPIRED_AT_ONCE = 100;

    /** The most messages that make room for a new one at a time. */
    private static final int DROPPED_AT_ONCE = 100;

    /** What a queue takes that keeps a message, beside the message, which others may keep too: the entry, and its place in a map. */
    static final long ENTRY_BYTES = 96;

    private final @Nullable Destination destination;
    private final long number;
    private final QueueOptions options;
    private final Memory memory;
    private final MessageCounts counts;

    /** What no consumer has. */
    private final ReadyMessages ready;

    private final Groups groups;
    private long sequence;

    /** Messages that have come and not gone; the others of {@link #messages} have a place and wait for their delay. */
    private int present;

    private int messages;

    /** In full, also those that other queues keep too and that {@link Memory} counts once. */
    private long bytes;

    /** Whether no group is remembered any more. */
    private boolean abandoned;

    /**
     * No messages.
     *
     * @param destination the queue's name; null: it has none
     * @param number the queue's own, a part of the ids of messages that are placed here first
     */
    Contents(
            @Nullable Destination destination,
            long number,
            QueueOptions options,
            Memory memory,
            MessageCounts counts,
            Steps steps) {
        this.destination = destination;
        this.number = number;
        this.options = options;
        this.memory = memory;
        this.counts = counts;
        this.ready = new ReadyMessages(memory.clock(), steps, this::expired);
        this.groups = new Groups(memory);
    }

    ReadyMessages ready() {
        return ready;
    }

    Groups groups() {
        return groups;
    }

    private boolean hasRoom(int moreMessages, long moreBytes) {
        return messages + moreMessages <= options.maxQueueMessages() && bytes + moreBytes <= options.maxQueueBytes();
    }

    /**
     * Takes room for messages to come.
     *
     * @throws ProtocolException when there is not as much
     */
    void reserve(List<Message> coming) {
        // at least as many as are to come, or a queue of expired messages would be full for them
        ready.removeExpired(EXPIRED_AT_ONCE + coming.size());
        long size = size(coming);
        if (messages + coming.size() > options.maxQueueMessages()) {
            throw full("%,d messages", messages, options.maxQueueMessages(), "max_queue_messages");
        }
        if (bytes + size > options.maxQueueBytes()) {
            throw full("%,d B", bytes, options.maxQueueBytes(), "max_queue_bytes");
        }
        long counted = 0;
        for (int i = 0; i < coming.size(); i++) {
            counted += take(coming.get(i));
        }
        memory.hold(counted);
    }

    /** Gives back the room of messages that do not come. */
    void release(List<Message> notComing) {
        long counted = 0;
        for (int i = 0; i < notComing.size(); i++) {
            counted += giveBack(notComing.get(i));
        }
        memory.hold(-counted);
    }

    private static long size(List<Message> messages) {
        long size = 0;
        for (int i = 0; i < messages.size(); i++) {
            size += messages.get(i).size();
        }
        return size;
    }

    private ProtocolException full(String unit, long held, long limit, String key) {
        Destination named = destination;
        String name = named != null && named.isShared()
                ? DestinationText.of(named).replace("%", "%%")
                : "the queue of this subscription";
        return new ProtocolException("queue full", Limits.exceeded(name + " holds " + unit, held, limit, key));
    }

    /**
     * Takes room for a message.
     *
     * @return what it takes in memory: one that others keep too is there once
     */
    private long take(Message message) {
        messages++;
        bytes += message.size();
        return ENTRY_BYTES + (message.keep() ? message.size() : 0);
    }

    /**
     * Gives the room back that a message took.
     *
     * @return what it took in memory
     */
    private long giveBack(Message message) {
        messages--;
        bytes -= message.size();
        return letGo(message);
    }

    private static long letGo(Message message) {
        return ENTRY_BYTES + (message.letGo() ? message.size() : 0);
    }

    /** A message comes, for which room has been taken; it is neither ready nor given to a consumer yet. */
    QueueEntry add(Message message) {
        return add(message, 0, null);
    }

    /** A message comes that was taken from outside: no room has been taken for it, as its queue has the room. */
    QueueEntry addTaken(Message message, int deliveriesBefore, Lease lease) {
        memory.hold(take(message));
        return add(message, deliveriesBefore, lease);
    }

    private QueueEntry add(Message message, int deliveriesBefore, @Nullable Lease lease) {
        sequence++;
        present++;
        if (!message.isPlaced()) {
            message.place(number, sequence);
        }
        QueueEntry entry = new QueueEntry(message, sequence, deliveriesBefore, lease);
        if (!abandoned) {
            groups.came(message);
        }
        return entry;
    }

    private void expired(QueueEntry entry) {
        counts.expired(1);
        forget(entry);
    }

    /** A message leaves the queue for good. */
    void forget(QueueEntry entry) {
        present--;
        memory.hold(-giveBack(entry.message()));
        groups.went(entry.message());
    }

    /**
     * Throws those of these away that no consumer has got.
     *
     * @return how many
     */
    int drop(List<QueueEntry> entries) {
        int dropped = 0;
        for (int i = 0; i < entries.size(); i++) {
            if (ready.remove(entries.get(i))) {
                forget(entries.get(i));
                dropped++;
            }
        }
        return dropped;
    }

    /** Consumers are done with these. */
    void settled(List<QueueEntry> entries, Steps steps) {
        long counted = 0;
        for (int i = 0; i < entries.size(); i++) {
            steps.take();
            Message message = entries.get(i).message();
            counted += giveBack(message);
            groups.went(message);
        }
        present -= entries.size();
        memory.hold(-counted);
    }

    /**
     * Removes messages that have expired, a bounded number.
     *
     * @return how many; 0: no others are left
     */
    int removeExpired() {
        return ready.removeExpired(EXPIRED_AT_ONCE);
    }

    /**
     * Throws away the oldest ready messages until there is room for this one, a bounded number.
     *
     * @return false when there is nothing left to throw away, or the message is larger than the queue may be
     */
    boolean dropOldestFor(Message message) {
        if (message.size() > options.maxQueueBytes()) {
            return false;
        }
        for (int dropped = 0; dropped < DROPPED_AT_ONCE && !hasRoom(1, message.size()); dropped++) {
            QueueEntry oldest = ready.first();
            if (oldest == null) {
                return false;
            }
            ready.removeFirst();
            forget(oldest);
            counts.dropped(Drop.QUEUE_FULL, 1);
        }
        return true;
    }

    /** The sequence of the last message: how many have come. */
    long sequence() {
        return sequence;
    }

    /** Messages that have come and not gone. */
    int present() {
        return present;
    }

    /** Places for messages that wait for their delay. */
    int expected() {
        return messages - present;
    }

    long bytes() {
        return bytes;
    }

    /** All of it in numbers; a queue without a name is called nothing. */
    QueueStatistics statistics(int consumers) {
        String name = destination == null ? "" : DestinationText.of(destination);
        return new QueueStatistics(name, ready.size(), present - ready.size(), bytes, consumers);
    }

    boolean isEmpty() {
        return messages == 0;
    }

    /** The queue is used no more: no group is remembered. */
    void retire() {
        groups.clear();
    }

    /**
     * The queue's owner has gone, and what no consumer has goes with it; what consumers have counts until they are done with it.
     *
     * @param waiting what was to be ready later
     * @return lets go of the messages, which others may keep too, outside of the queue's lock; any thread may do it
     */
    LongJobs.Job abandon(List<QueueEntry> waiting) {
        abandoned = true;
        groups.clear();
        Iterator<QueueEntry> left =
                Stream.concat(ready.takeAll().stream(), waiting.stream()).iterator();
        return steps -> {
            long counted = 0;
            for (int i = 0; i < steps && left.hasNext(); i++) {
                counted += letGo(left.next().message());
            }
            memory.hold(-counted);
            return left.hasNext();
        };
    }
}
