package io.fanfare.topic;

import io.fanfare.message.Message;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a topic that wait until a subscriber may have them, in the topic's order, and the counts of those that were
 * left out. Bounded. Owned by its loop.
 */
public final class Backlog {

    /** Bytes that several backlogs may hold together. */
    public static final class Budget {
        private final long most;
        private long used;

        public Budget(long most) {
            this.most = most;
        }

        private boolean has(long bytes) {
            // as an empty outbox does, an empty backlog takes any one
            return used == 0 || used + bytes <= most;
        }
    }

    /**
     * A message, and what was left out since the one before it.
     *
     * @param dropped messages for which there was no room
     * @param conflated older messages of the same key
     * @param first the sequence of the oldest of these
     */
    record Entry(Message message, long dropped, long conflated, long first) {

        /** A message before which nothing was left out. */
        static Entry of(Message message) {
            return new Entry(message, 0, 0, message.sequence());
        }

        /** The same message for a subscriber that joined after some of what was left out: it tells nothing. */
        Entry bare() {
            return of(message);
        }
    }

    private final DeliveryPolicy policy;
    private final boolean conflates;
    private final Budget budget;

    /** By what they are conflated by, else by a number of their own; the oldest first. */
    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    private long number;

    /** What was dropped behind the last entry. */
    private long gap;

    /** An empty one, which conflates when the policy says so of a slow socket. */
    Backlog(DeliveryPolicy policy, Budget budget) {
        this(policy, policy.overflow() == Overflow.CONFLATE, budget);
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

    /** Whether there is nothing that the next message must wait for, or tell. */
    public boolean isIdle() {
        return entries.isEmpty() && gap == 0;
    }

    /** Takes a message that stands for those left out before it, too, or leaves one out. */
    public void add(Entry coming) {
        Message message = coming.message();
        Object key = conflates ? Objects.requireNonNull(policy.keyOf(message)) : Long.valueOf(++number);
        Entry older = entries.remove(key);
        long dropped = coming.dropped();
        long conflated = coming.conflated();
        long first = coming.first();
        if (older != null) {
            first = Math.min(first, older.first());
            budget.used -= older.message().size();
            dropped += older.dropped();
            conflated += older.conflated() + 1;
        }
        if (policy.overflow() != Overflow.DROP_NEWEST) {
            makeRoom(message.size());
        }
        if (isFull(message.size())) {
            gap += dropped + conflated + 1;
            return;
        }
        budget.used += message.size();
        entries.put(key, new Entry(message, dropped + gap, conflated, first));
        gap = 0;
    }

    private boolean isFull(long size) {
        return entries.size() >= policy.maxPending() || !budget.has(size);
    }

    /** Drops the oldest ones; the next of those that stay tells. */
    private void makeRoom(long size) {
        long lost = 0;
        long first = Long.MAX_VALUE;
        Iterator<Entry> oldest = entries.values().iterator();
        while (isFull(size) && oldest.hasNext()) {
            Entry entry = oldest.next();
            oldest.remove();
            budget.used -= entry.message().size();
            lost += entry.dropped() + entry.conflated() + 1;
            first = Math.min(first, entry.first());
        }
        if (lost == 0) {
            return;
        }
        Iterator<Map.Entry<Object, Entry>> rest = entries.entrySet().iterator();
        if (rest.hasNext()) {
            Map.Entry<Object, Entry> next = rest.next();
            Entry entry = next.getValue();
            next.setValue(new Entry(
                    entry.message(), entry.dropped() + lost, entry.conflated(), Math.min(first, entry.first())));
        } else {
            gap += lost;
        }
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
        budget.used -= entry.message().size();
        return entry;
    }

    public void clear() {
        while (poll() != null) {
            continue;
        }
        gap = 0;
    }
}
