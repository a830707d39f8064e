package io.fanfare.queue;

import io.fanfare.loop.BrokerClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A queue's messages that no consumer has, by place and by expiry. Belongs to the queue's lock. */
final class ReadyMessages {

    private static final Comparator<QueueEntry> FIRST_TO_EXPIRE =
            Comparator.comparingLong(QueueEntry::expires).thenComparingLong(QueueEntry::place);

    private TreeMap<Long, QueueEntry> byPlace = new TreeMap<>();

    /** Those with a time to live; a heap would keep what has been taken until its time has come. */
    private final TreeSet<QueueEntry> byExpiry = new TreeSet<>(FIRST_TO_EXPIRE);

    private final BrokerClock clock;
    private final Steps steps;
    private final Consumer<QueueEntry> onExpired;

    /**
     * No messages.
     *
     * @param onExpired told of each message that was removed because it has expired
     */
    ReadyMessages(BrokerClock clock, Steps steps, Consumer<QueueEntry> onExpired) {
        this.clock = clock;
        this.steps = steps;
        this.onExpired = onExpired;
    }

    void put(QueueEntry entry) {
        byPlace.put(entry.place(), entry);
        if (entry.mayExpire()) {
            byExpiry.add(entry);
        }
    }

    /** Removes a message; false when it is not among them. */
    boolean remove(QueueEntry entry) {
        if (entry.mayExpire()) {
            byExpiry.remove(entry);
        }
        return byPlace.remove(entry.place()) != null;
    }

    /** Removes a message that has expired; false when it has not. */
    boolean removeIfExpired(QueueEntry entry) {
        boolean expired = entry.mayExpire() && entry.message().isExpired(clock.uptimeMillis());
        if (expired) {
            remove(entry);
            onExpired.accept(entry);
        }
        return expired;
    }

    /**
     * Removes messages that have expired, the first to expire first.
     *
     * @param most of them; others may be left
     * @return how many it has removed
     */
    int removeExpired(int most) {
        int removed = 0;
        while (removed < most && !byExpiry.isEmpty()) {
            steps.take();
            if (!removeIfExpired(byExpiry.first())) {
                break;
            }
            removed++;
        }
        return removed;
    }

    /** Whether one of them has a time to live. */
    boolean mayExpire() {
        return !byExpiry.isEmpty();
    }

    int size() {
        return byPlace.size();
    }

    boolean isEmpty() {
        return byPlace.isEmpty();
    }

    /** The first of them; null: none. */
    @Nullable
    QueueEntry first() {
        return byPlace.isEmpty() ? null : byPlace.firstEntry().getValue();
    }

    /** Removes the first of them. */
    void removeFirst() {
        QueueEntry first = byPlace.pollFirstEntry().getValue();
        if (first.mayExpire()) {
            byExpiry.remove(first);
        }
    }

    /** The first at this place or behind it; null: none. */
    @Nullable
    QueueEntry from(long place) {
        Map.Entry<Long, QueueEntry> found = byPlace.ceilingEntry(place);
        return found == null ? null : found.getValue();
    }

    /**
     * Some of them, in order.
     *
     * @param place behind which to begin
     */
    List<QueueEntry> behind(long place, int most) {
        List<QueueEntry> found = new ArrayList<>();
        for (QueueEntry entry : byPlace.tailMap(place, false).values()) {
            if (found.size() == most) {
                break;
            }
            steps.take();
            found.add(entry);
        }
        return found;
    }

    /** Takes all of them, in one step. */
    Collection<QueueEntry> takeAll() {
        Collection<QueueEntry> all = byPlace.values();
        byPlace = new TreeMap<>();
        byExpiry.clear();
        return all;
    }
}
