package io.fanfare.retention;

import io.fanfare.message.Message;
import io.fanfare.message.SendProperties;
import io.fanfare.status.LastValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A topic's last values, each with its key, in the order of their sequences. Guarded by the topic's lock. */
final class RetainedValues implements Discarded.Store {

    /**
     * A value.
     *
     * @param previous the one before it, which is kept for patches; null: none
     */
    private record Value(
            String key, Message message, @Nullable Message previous) {

        LastValue shown() {
            return new LastValue(key, message.sequence(), message.headers(), message.body(), message.timestamp());
        }
    }

    /** When a value expires; of those that expire together, by sequence. */
    private record Due(long time, long sequence) implements Comparable<Due> {

        @Override
        public int compareTo(Due other) {
            return time == other.time ? Long.compare(sequence, other.sequence) : Long.compare(time, other.time);
        }
    }

    private final RetentionAccount account;
    private final Map<String, Message> byKey = new HashMap<>();
    private final NavigableMap<Long, Value> bySequence = new TreeMap<>();
    private final NavigableMap<Due, Value> byExpiry = new TreeMap<>();

    RetainedValues(RetentionAccount account) {
        this.account = account;
    }

    int size() {
        return byKey.size();
    }

    @Override
    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    @Nullable
    Message get(String key) {
        return byKey.get(key);
    }

    /** The message, which has its place, is the last value of its key. */
    void put(String key, Message message, boolean keepPrevious) {
        Message old = byKey.get(key);
        Message previous =
                keepPrevious && old != null && !old.isExpired(account.clock().uptimeMillis()) ? old : null;
        if (previous != null) {
            account.keepPrevious(previous);
        }
        remove(key);
        message.retain();
        message.previous(previous);
        Value value = new Value(key, message, previous);
        byKey.put(key, message);
        bySequence.put(message.sequence(), value);
        if (message.properties().mayExpire()) {
            byExpiry.put(due(message), value);
        }
        account.keepValue(key, message);
    }

    void remove(String key) {
        Message message = byKey.remove(key);
        if (message != null) {
            Value value = bySequence.remove(message.sequence());
            if (value != null && value.previous() != null) {
                message.previous(null);
                account.letGoOfPrevious(value.previous());
            }
            if (message.properties().mayExpire()) {
                byExpiry.remove(due(message));
            }
            account.letGoOfValue(key, message);
        }
    }

    private static Due due(Message message) {
        SendProperties properties = message.properties();
        return new Due(properties.expires(), message.sequence());
    }

    @Override
    public int removeOldest(int most) {
        int removed = 0;
        while (removed < most && !bySequence.isEmpty()) {
            remove(bySequence.firstEntry().getValue().key());
            removed++;
        }
        return removed;
    }

    /**
     * Gives values in the order of their sequences, as long as there is room.
     *
     * @param after the sequence behind which to begin
     * @param upTo the last sequence to give
     * @return whether there was room for all of them
     */
    boolean read(long after, long upTo, Part into) {
        if (after >= upTo) {
            return true;
        }
        for (Value value : bySequence.subMap(after, false, upTo, true).values()) {
            if (!into.add(value.message())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Removes values that have expired.
     *
     * @return how many, at most so many
     */
    int expire(long now, int most) {
        int removed = 0;
        while (removed < most && !byExpiry.isEmpty() && byExpiry.firstKey().time() <= now) {
            remove(byExpiry.firstEntry().getValue().key());
            removed++;
        }
        return removed;
    }

    /**
     * Values for operators, in the order of their sequences; some that have just expired may be among them.
     *
     * @param after the sequence behind which to begin
     */
    List<LastValue> shown(long after, int most) {
        expire(account.clock().uptimeMillis(), most);
        return bySequence.tailMap(after, false).values().stream()
                .limit(most)
                .map(Value::shown)
                .toList();
    }
}
