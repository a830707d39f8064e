package io.fanfare.topic;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.statistics.Drop;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
    record Entry(Destination topic, Message message, long dropped, long conflated, long first) {

        /** A message before which nothing was left out. */
        static Entry of(Destination topic, Message message) {
            return new Entry(topic, message, 0, 0, message.sequence());
        }

        /** The same message for a subscriber that joined after some of what was left out: it tells nothing. */
        Entry bare() {
            return of(topic, message);
        }

        /** The same message, which tells of others, too, that were dropped before it. */
        Entry behind(long lost, long firstLost) {
            return new Entry(topic, message, dropped + lost, conflated, Math.min(first, firstLost));
        }
    }

    /** What a message replaces an earlier one by: equal values of two topics have nothing to do with each other. */
    private record Key(Destination topic, String value) {}

    private final DeliveryPolicy policy;
    private final boolean conflates;
    private final Budget budget;

    /** By what they are conflated by, else by a number of their own; the oldest first. */
    private Map<Object, Entry> entries = Map.of();

    private long number;

    /** What was dropped behind the last entry. */
    private long gap;

    /** The sequence of the oldest message of the gap. */
    private long gapFirst = Long.MAX_VALUE;

    /** An empty one, which conflates when the policy says so of a slow socket. */
    Backlog(DeliveryPolicy policy, Budget budget) {
        this(policy, policy.overflow() == DeliveryPolicy.Overflow.CONFLATE, budget);
    }

    private Backlog(DeliveryPolicy policy, boolean conflates, Budget budget) {
        this.policy = policy;
        this.conflates = conflates;
        this.budget = budget;
    }

    /** An empty one that keeps only the newest of each key. */
    static Backlog conflating(DeliveryPolicy policy, Budget budget) {
        return new Backlog(policy, true, budget);
    }

    public boolean isEmpty() {
        return entries.isEmpty();
    }

    int size() {
        return entries.size();
    }

    /** Whether there is nothing that the next message must wait for, or tell. */
    public boolean isIdle() {
        return entries.isEmpty() && gap == 0;
    }

    /** Takes a message that stands for those left out before it, too, or leaves one out. */
    public void add(Entry coming) {
        Message message = coming.message();
        Object key = conflates ? new Key(coming.topic(), policy.keyOf(message)) : Long.valueOf(++number);
        Entry older = remove(key);
        long dropped = coming.dropped();
        long conflated = coming.conflated();
        long first = coming.first();
        if (older != null) {
            budget.dropped(Drop.CONFLATED);
            first = Math.min(first, older.first());
            dropped += older.dropped();
            conflated += older.conflated() + 1;
        }
        if (mayDropOldest()) {
            makeRoom(message);
        }
        if (isFull(message)) {
            budget.dropped(Drop.OVERFLOW);
            addToGap(dropped + conflated + 1, first);
            return;
        }
        if (entries.isEmpty()) {
            entries = new LinkedHashMap<>(4);
        }
        entries.put(key, new Entry(coming.topic(), message, dropped + gap, conflated, Math.min(first, gapFirst)));
        budget.take(this, message);
        gap = 0;
        gapFirst = Long.MAX_VALUE;
    }

    private @Nullable Entry remove(Object key) {
        if (!entries.containsKey(key)) {
            return null;
        }
        Entry entry = entries.remove(key);
        removed(entry);
        return entry;
    }

    private void removed(Entry entry) {
        if (entries.isEmpty()) {
            // a map keeps the room that it has needed once
            entries = Map.of();
        }
        budget.giveBack(this, entry.message());
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
        while (isFull(message) && !entries.isEmpty()) {
            dropOldest();
        }
        budget.makeRoom(message);
    }

    /** Drops the oldest one; the next of those that stay tells, else the next that comes. */
    void dropOldest() {
        Entry lost = poll();
        if (lost == null) {
            return;
        }
        budget.dropped(Drop.OVERFLOW);
        long count = lost.dropped() + lost.conflated() + 1;
        Iterator<Map.Entry<Object, Entry>> rest = entries.entrySet().iterator();
        if (rest.hasNext()) {
            Map.Entry<Object, Entry> next = rest.next();
            next.setValue(next.getValue().behind(count, lost.first()));
        } else {
            addToGap(count, lost.first());
        }
    }

    private void addToGap(long count, long first) {
        gap += count;
        gapFirst = Math.min(gapFirst, first);
    }

    /** Takes the oldest out; null when there is none. */
    @Nullable
    public Entry poll() {
        Iterator<Entry> oldest = entries.values().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        Entry entry = oldest.next();
        oldest.remove();
        removed(entry);
        return entry;
    }

    /** Gives what it holds, the oldest first. */
    void forEach(Consumer<Entry> action) {
        entries.values().forEach(action);
    }

    public void clear() {
        while (poll() != null) {
            continue;
        }
        gap = 0;
        gapFirst = Long.MAX_VALUE;
    }
}
