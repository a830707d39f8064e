package io.fanfare.topic.backlog;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.statistics.Drop;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait until a subscriber may have them, in the order of their topics, and the counts of those that were
 * left out. Bounded. Owned by its loop.
 */
public final class Backlog {

    /**
     * A message, and what was left out since the one before it.
     *
     * @param topic where the message was published
     * @param dropped messages for which there was no room
     * @param conflated older messages of the same key
     * @param first the sequence of the oldest of these
     */
    public record Entry(Destination topic, Message message, long dropped, long conflated, long first) {

        /** A message before which nothing was left out. */
        public static Entry of(Destination topic, Message message) {
            return new Entry(topic, message, 0, 0, message.sequence());
        }

        /** The same message for a subscriber that joined after some of what was left out: it tells nothing. */
        public Entry bare() {
            return of(topic, message);
        }

        /** The same message in the place of an older one of its key. */
        Entry instead(Entry older) {
            return new Entry(
                    topic,
                    message,
                    dropped + older.dropped,
                    conflated + older.conflated + 1,
                    Math.min(first, older.first));
        }

        /** The same message, which tells of others, too, that were dropped before it. */
        public Entry behind(long lost, long firstLost) {
            return new Entry(topic, message, dropped + lost, conflated, Math.min(first, firstLost));
        }
    }

    /** An entry, its key, and their place in a map. */
    private static final int KEYED_BYTES = 160;

    /** Between a reference to an entry that many have, and an entry. */
    private static final int SHARED_BYTES = 24;

    private final DeliveryPolicy policy;
    private final boolean conflates;
    private final Budget budget;

    private Entries entries;

    /** What they are of the budget. */
    private long bytes;

    /** What was dropped behind the last entry. */
    private long gap;

    /** The sequence of the oldest message of the gap. */
    private long gapFirst = Long.MAX_VALUE;

    /** An empty one, which conflates when the policy says so of a slow socket. */
    public Backlog(DeliveryPolicy policy, Budget budget) {
        this(policy, policy.overflow() == DeliveryPolicy.Overflow.CONFLATE, budget);
    }

    private Backlog(DeliveryPolicy policy, boolean conflates, Budget budget) {
        this.policy = policy;
        this.conflates = conflates;
        this.budget = budget;
        this.entries = newEntries();
    }

    private Entries newEntries() {
        return conflates ? new Entries.ByKey() : new Entries.InOrder();
    }

    /** An empty one that keeps only the newest of each key. */
    public static Backlog conflating(DeliveryPolicy policy, Budget budget) {
        return new Backlog(policy, true, budget);
    }

    public boolean isEmpty() {
        return entries.size() == 0;
    }

    public int size() {
        return entries.size();
    }

    /** Whether there is nothing that the next message must wait for, or tell. */
    public boolean isIdle() {
        return isEmpty() && gap == 0;
    }

    /** Takes a message that stands for those left out before it, too, or leaves one out. */
    public void add(Entry coming) {
        keep(coming, conflates ? policy.keyOf(coming.message()) : null);
        budget.settle();
    }

    /** Takes each of some messages, as {@link #add(Entry)} does, and of those with one key the newest. */
    public void add(AudienceBatch batch) {
        if (conflates) {
            Map<String, Entry> newest = batch.conflated(policy);
            newest.forEach((value, entry) -> keep(entry, value));
            budget.dropped(Drop.CONFLATED, batch.entries().size() - newest.size());
        } else {
            batch.entries().forEach(entry -> keep(entry, null));
        }
        budget.settle();
    }

    private void keep(Entry coming, @Nullable String value) {
        Message message = coming.message();
        Entries.Key key = value == null ? null : new Entries.Key(coming.topic(), value);
        Entry older = key == null ? null : remove(key);
        Entry entry = coming;
        if (older != null) {
            budget.dropped(Drop.CONFLATED, 1);
            entry = coming.instead(older);
        }
        if (mayDropOldest()) {
            makeRoom(message);
        }
        if (isFull(message)) {
            budget.dropped(Drop.OVERFLOW, 1);
            addToGap(entry.dropped() + entry.conflated() + 1, entry.first());
            return;
        }
        entries.add(key, gap == 0 ? entry : entry.behind(gap, gapFirst));
        bytes += budget.take(this, message);
        gap = 0;
        gapFirst = Long.MAX_VALUE;
    }

    private @Nullable Entry remove(Entries.Key key) {
        return removed(entries.remove(key));
    }

    private @Nullable Entry removed(@Nullable Entry entry) {
        if (entry != null) {
            bytes -= budget.giveBack(this, entry.message());
        }
        return entry;
    }

    /** About what keeping an entry takes, beside its message. */
    int entryBytes() {
        return conflates ? KEYED_BYTES : SHARED_BYTES;
    }

    private boolean isFull(Message message) {
        return entries.size() >= policy.maxPending() || !budget.hasRoomFor(message);
    }

    /** Whether what came first goes first. */
    boolean mayDropOldest() {
        return policy.overflow() == DeliveryPolicy.Overflow.DROP_OLDEST
                || policy.overflow() == DeliveryPolicy.Overflow.CONFLATE;
    }

    /** Drops its own oldest messages, and then those of others, which may have used up what this one has not. */
    private void makeRoom(Message message) {
        while (isFull(message) && !isEmpty()) {
            dropOldest();
        }
        budget.makeRoom(message);
    }

    /** Drops the oldest one; the next of those that stay tells, else the next that comes. */
    void dropOldest() {
        Entry lost = removed(entries.poll());
        if (lost == null) {
            return;
        }
        budget.dropped(Drop.OVERFLOW, 1);
        long count = lost.dropped() + lost.conflated() + 1;
        if (!entries.tell(count, lost.first())) {
            addToGap(count, lost.first());
        }
    }

    private void addToGap(long count, long first) {
        gap += count;
        gapFirst = Math.min(gapFirst, first);
    }

    /** Takes the oldest out; null when there is none. */
    public @Nullable Entry poll() {
        Entry entry = removed(entries.poll());
        budget.settle();
        return entry;
    }

    /** Gives what it holds, the oldest first. */
    public void forEach(Consumer<Entry> action) {
        entries.forEach(action);
    }

    /** Lets go of everything; of much, in parts of later turns. It does not count toward what may wait any more. */
    public void clear() {
        gap = 0;
        gapFirst = Long.MAX_VALUE;
        if (!isEmpty()) {
            Entries all = entries;
            entries = newEntries();
            budget.giveBack(this, all, bytes);
            bytes = 0;
        }
    }
}
