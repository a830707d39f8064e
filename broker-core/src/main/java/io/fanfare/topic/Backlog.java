package io.fanfare.topic;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.statistics.Drop;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
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

    /** The entries of a backlog, the oldest first. */
    private sealed interface Entries {

        int size();

        /** Takes one as the newest, under its key. */
        void add(@Nullable Key key, Entry entry);

        /** Takes the one of a key out; null: there is none. */
        @Nullable
        Entry remove(Key key);

        /** Takes the oldest out; null when there is none. */
        @Nullable
        Entry poll();

        /** Has the oldest one tell of a loss, too; false when there is none. */
        boolean tell(long lost, long firstLost);

        void forEach(Consumer<Entry> action);
    }

    /**
     * Entries without keys. For each subscriber that takes nothing, each message comes here: that makes no object, unless it tells
     * of a loss, as all backlogs share the entry.
     */
    private static final class InOrder implements Entries {

        private ArrayDeque<Entry> entries = new ArrayDeque<>(0);

        /** What the oldest tells beside what it says itself. */
        private long lost;

        private long firstLost = Long.MAX_VALUE;

        @Override
        public int size() {
            return entries.size();
        }

        @Override
        public void add(@Nullable Key key, Entry entry) {
            entries.add(entry);
        }

        @Override
        public @Nullable Entry remove(Key key) {
            return null;
        }

        @Override
        public @Nullable Entry poll() {
            Entry entry = told(entries.poll());
            lost = 0;
            firstLost = Long.MAX_VALUE;
            if (entries.isEmpty()) {
                // it keeps the room that it has needed once
                entries = new ArrayDeque<>(0);
            }
            return entry;
        }

        private @Nullable Entry told(@Nullable Entry oldest) {
            return oldest == null || lost == 0 ? oldest : oldest.behind(lost, firstLost);
        }

        @Override
        public boolean tell(long more, long first) {
            if (entries.isEmpty()) {
                return false;
            }
            lost += more;
            firstLost = Math.min(firstLost, first);
            return true;
        }

        @Override
        public void forEach(Consumer<Entry> action) {
            Entry oldest = told(entries.peek());
            if (oldest != null) {
                action.accept(oldest);
                entries.stream().skip(1).forEach(action);
            }
        }
    }

    /** Entries of which each takes the place of an earlier one with its key. */
    private static final class ByKey implements Entries {

        private Map<Key, Entry> entries = Map.of();

        @Override
        public int size() {
            return entries.size();
        }

        @Override
        public void add(@Nullable Key key, Entry entry) {
            if (entries.isEmpty()) {
                entries = new LinkedHashMap<>(4);
            }
            entries.put(Objects.requireNonNull(key), entry);
        }

        @Override
        public @Nullable Entry remove(Key key) {
            Entry entry = entries.containsKey(key) ? entries.remove(key) : null;
            shrink();
            return entry;
        }

        private void shrink() {
            if (entries.isEmpty()) {
                // a map keeps the room that it has needed once
                entries = Map.of();
            }
        }

        @Override
        public @Nullable Entry poll() {
            Iterator<Entry> oldest = entries.values().iterator();
            if (!oldest.hasNext()) {
                return null;
            }
            Entry entry = oldest.next();
            oldest.remove();
            shrink();
            return entry;
        }

        @Override
        public boolean tell(long lost, long firstLost) {
            Iterator<Map.Entry<Key, Entry>> all = entries.entrySet().iterator();
            if (!all.hasNext()) {
                return false;
            }
            Map.Entry<Key, Entry> oldest = all.next();
            oldest.setValue(oldest.getValue().behind(lost, firstLost));
            return true;
        }

        @Override
        public void forEach(Consumer<Entry> action) {
            entries.values().forEach(action);
        }
    }

    /** An entry, its key, and their place in a map. */
    private static final int KEYED_BYTES = 160;

    /** Between a reference to an entry that many have, and an entry. */
    private static final int SHARED_BYTES = 24;

    private final DeliveryPolicy policy;
    private final boolean conflates;
    private final Budget budget;

    private final Entries entries;

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
        this.entries = conflates ? new ByKey() : new InOrder();
    }

    /** An empty one that keeps only the newest of each key. */
    static Backlog conflating(DeliveryPolicy policy, Budget budget) {
        return new Backlog(policy, true, budget);
    }

    public boolean isEmpty() {
        return entries.size() == 0;
    }

    int size() {
        return entries.size();
    }

    /** Whether there is nothing that the next message must wait for, or tell. */
    public boolean isIdle() {
        return isEmpty() && gap == 0;
    }

    /** Takes a message that stands for those left out before it, too, or leaves one out. */
    public void add(Entry coming) {
        Message message = coming.message();
        Key key = conflates ? new Key(coming.topic(), policy.keyOf(message)) : null;
        Entry older = key == null ? null : remove(key);
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
        boolean isAsItCame = older == null && gap == 0;
        entries.add(
                key,
                isAsItCame
                        ? coming
                        : new Entry(coming.topic(), message, dropped + gap, conflated, Math.min(first, gapFirst)));
        budget.take(this, message);
        gap = 0;
        gapFirst = Long.MAX_VALUE;
    }

    private @Nullable Entry remove(Key key) {
        return removed(entries.remove(key));
    }

    private @Nullable Entry removed(@Nullable Entry entry) {
        if (entry != null) {
            budget.giveBack(this, entry.message());
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
        Entry lost = poll();
        if (lost == null) {
            return;
        }
        budget.dropped(Drop.OVERFLOW);
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
    @Nullable
    public Entry poll() {
        return removed(entries.poll());
    }

    /** Gives what it holds, the oldest first. */
    void forEach(Consumer<Entry> action) {
        entries.forEach(action);
    }

    public void clear() {
        while (poll() != null) {
            continue;
        }
        gap = 0;
        gapFirst = Long.MAX_VALUE;
    }
}
