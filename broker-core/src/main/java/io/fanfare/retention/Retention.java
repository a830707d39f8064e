package io.fanfare.retention;

import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Message;
import io.fanfare.message.Retain;
import io.fanfare.message.SendProperties;
import io.fanfare.options.TopicRule;
import io.fanfare.status.LastValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What one topic keeps, as its rule and its messages ask for. Guarded by the topic's lock. */
public final class Retention {

    /** Expired and discarded values that one SEND or subscription removes; a sweep removes the rest. */
    private static final int MOST_EXPIRED = 100;

    private final RetentionAccount account;
    private RetainedValues values;

    private final Discarded discarded = new Discarded();
    private @Nullable TopicRule rule;
    private @Nullable History history;

    /** Sweeps since a message came or a subscriber asked. */
    private int idleSweeps;

    public Retention(RetentionAccount account) {
        this.account = account;
        this.values = new RetainedValues(account);
    }

    /**
     * Keeps what this rule says from now on.
     *
     * @param newRule null: what SENDs ask for alone
     * @param sequence of the topic
     */
    public void rule(@Nullable TopicRule newRule, long sequence) {
        if (rule != null && !hasSameKeys(rule, newRule)) {
            // values by other keys, or that nobody asked for: what they stand for is not known any more
            discardValues();
        }
        rule = newRule;
        if (newRule == null || !newRule.hasHistory()) {
            discardHistory();
            history = null;
        } else if (history == null) {
            history = new History(account, sequence);
        }
    }

    private void discardValues() {
        discarded.add(values);
        values = new RetainedValues(account);
    }

    /** Has another history go on where this one ends. */
    private void discardHistory() {
        if (history != null) {
            discarded.add(history);
            history = history.successor();
        }
    }

    /** Lets go of values that have expired, and of what is discarded; returns how many messages, at most so many. */
    private int makeRoom(long now, int most) {
        int expired = values.expire(now, most);
        return expired + discarded.removeSome(most - expired);
    }

    private static boolean hasSameKeys(TopicRule one, @Nullable TopicRule other) {
        return one.retain() == TopicRule.Retain.ON_REQUEST
                || (other != null && one.retain() == other.retain() && Objects.equals(one.key(), other.key()));
    }

    /**
     * Makes sure that a message can be kept as it asks, or as the rule says.
     *
     * @throws ProtocolException when its key is too long, or there are too many values
     */
    public void check(Message message) {
        if (!isValue(message)) {
            return;
        }
        String key = key(message);
        account.checkKey(key);
        if (account.isNearlyFull(message)) {
            makeRoom(account.clock().uptimeMillis(), MOST_EXPIRED);
            Message old = values.get(key);
            account.checkRoom(old == null ? 1 : 0, message.size() - (old == null ? 0 : old.size()));
        }
    }

    /**
     * As {@link #check(Message)}, for messages that come later, or together with others.
     *
     * @param claim takes the room for them
     */
    public void check(List<Message> messages, RetentionAccount.Claim claim) {
        Map<String, Long> sizes = new HashMap<>();
        for (Message message : messages) {
            if (isValue(message)) {
                String key = key(message);
                account.checkKey(key);
                if (account.isNearlyFull(message)) {
                    makeRoom(account.clock().uptimeMillis(), MOST_EXPIRED);
                }
                Message old = values.get(key);
                boolean isNew = old == null && !sizes.containsKey(key);
                long before = Math.max(old == null ? 0 : old.size(), sizes.getOrDefault(key, 0L));
                long size = Math.max(before, message.size());
                claim.add(isNew ? 1 : 0, size - before);
                sizes.put(key, size);
            }
        }
    }

    /** Whether a message takes a last value away that frees as much as the message takes. */
    public boolean makesRoom(Message message) {
        Message value = message.properties().retain() == Retain.REMOVE ? values.get(key(message)) : null;
        return value != null && RetentionAccount.isWorth(value, message);
    }

    /** Whether the message is a last value. */
    private boolean isValue(Message message) {
        SendProperties properties = message.properties();
        return properties.retain() != Retain.REMOVE
                && !properties.isAtOnce()
                && (properties.retain() == Retain.SET
                        || (rule != null && rule.retain() != TopicRule.Retain.ON_REQUEST));
    }

    /** What {@code retain-key} says, else the value of the rule's header; without both, the empty one. */
    private String key(Message message) {
        String key = message.properties().retainKey();
        if (key == null && rule != null && rule.key() != null) {
            key = message.headers().get(rule.key());
        }
        return key == null ? "" : key;
    }

    /** Keeps a message, which has its place, as far as it is to be kept. */
    public void add(Message message) {
        idleSweeps = 0;
        if (message.properties().retain() == Retain.REMOVE) {
            message.retain();
            values.remove(key(message));
        } else if (isValue(message)) {
            values.put(key(message), message, account.arePatchesWanted());
        }
        if (history != null && rule != null && !message.properties().isAtOnce()) {
            // first: what is discarded must not be the reason that the history lets go of what it has
            discarded.removeSome(MOST_EXPIRED);
            history.add(message, rule, account.clock().uptimeMillis());
        }
    }

    // ---- subscriptions --------------------------------------------------------------------------------------------

    /**
     * Where a subscription begins that joins now.
     *
     * @param sequence of the topic
     * @param topic the topic's number
     * @param epoch the topic's, as clients know it
     */
    public Position position(ReplayRequest request, long sequence, long topic, String epoch) {
        idleSweeps = 0;
        values.expire(account.clock().uptimeMillis(), MOST_EXPIRED);
        return switch (request.from()) {
            case UNSAID -> snapshot(request, sequence, topic, null);
            case NEXT -> new Position(sequence, topic, true, Position.Store.NOTHING, sequence, 0, true);
            case FIRST -> behind(request, sequence, topic, history == null ? -1 : history.lostUpTo());
            case LAST -> behind(request, sequence, topic, history == null ? -1 : history.beforeLast());
            case TIME -> behindTime(request, sequence, topic);
            case CURSOR -> behindCursor(request, sequence, topic, epoch);
        };
    }

    private Position snapshot(ReplayRequest request, long sequence, long topic, @Nullable Boolean recovered) {
        boolean some = request.wantsSnapshot() && !values.isEmpty();
        return new Position(
                sequence,
                topic,
                true,
                some ? Position.Store.VALUES : Position.Store.NOTHING,
                -1,
                some ? values.size() : 0,
                recovered);
    }

    /** All of the history behind a sequence; below 0, there is no history. */
    private Position behind(ReplayRequest request, long sequence, long topic, long after) {
        if (history == null || after < 0) {
            return snapshot(request, sequence, topic, false);
        }
        return replay(sequence, topic, Math.min(after, sequence), true);
    }

    private Position replay(long sequence, long topic, long after, boolean recovered) {
        int count = history == null ? 0 : history.countAfter(after);
        return new Position(
                sequence,
                topic,
                true,
                count == 0 ? Position.Store.NOTHING : Position.Store.HISTORY,
                after,
                count,
                recovered);
    }

    private Position behindTime(ReplayRequest request, long sequence, long topic) {
        if (history == null) {
            return snapshot(request, sequence, topic, false);
        }
        long after = Math.min(history.before(request.number()), sequence);
        return replay(sequence, topic, after, history.hasAllSince(request.number()));
    }

    private Position behindCursor(ReplayRequest request, long sequence, long topic, String epoch) {
        boolean isOfThisLife = request.epoch() == null || request.epoch().equals(epoch);
        boolean isPossible = isOfThisLife && request.number() <= sequence;
        if (isPossible && request.number() == sequence) {
            return replay(sequence, topic, sequence, true);
        }
        if (isPossible && history != null && request.number() >= history.lostUpTo()) {
            return replay(sequence, topic, request.number(), true);
        }
        if (!values.isEmpty() || history == null) {
            return snapshot(request, sequence, topic, false);
        }
        // no last values: all that there is
        return replay(sequence, topic, history.lostUpTo(), false);
    }

    /**
     * Reads a part of a store.
     *
     * @param after the sequence behind which to begin
     * @param upTo the last sequence to read
     * @return whether that was all
     */
    public boolean read(Position.Store store, long after, long upTo, Part into) {
        return switch (store) {
            case NOTHING -> true;
            case VALUES -> values.read(after, upTo, into);
            case HISTORY -> history == null || history.read(after, upTo, into);
        };
    }

    /** How many messages behind a sequence, up to another one, the history has let go of; they can't be read any more. */
    public long lost(Position.Store store, long after, long upTo) {
        if (store != Position.Store.HISTORY) {
            return 0;
        }
        long lostUpTo = history == null ? upTo : Math.min(history.lostUpTo(), upTo);
        return Math.max(0, lostUpTo - after);
    }

    // ---- the end --------------------------------------------------------------------------------------------------

    /**
     * Lets go of what has expired or is discarded, a bounded number of messages.
     *
     * @param now by {@link BrokerClock#uptimeMillis}
     * @return how many
     */
    public int sweep(long now, int most) {
        int removed = makeRoom(now, most);
        if (history != null && rule != null) {
            removed += history.trim(rule, most - removed, now);
        }
        if (removed < most) {
            // the last step of this sweep
            idleSweeps++;
        }
        return removed;
    }

    /**
     * Lets go of what is discarded, and of messages of the history that came up to a time, the oldest first.
     *
     * @param upTo by {@link BrokerClock#uptimeMillis}
     * @param most how many at most
     * @return when the oldest came that is left; {@link Long#MIN_VALUE}: something is discarded, {@link Long#MAX_VALUE}: there is none
     */
    public long trimHistory(long upTo, int most) {
        int removed = discarded.removeSome(most);
        if (!discarded.isEmpty()) {
            return Long.MIN_VALUE;
        }
        return history == null ? Long.MAX_VALUE : history.trimUpTo(upTo, most - removed);
    }

    /** Whether it keeps no message. */
    public boolean isEmpty() {
        return values.isEmpty() && discarded.isEmpty() && (history == null || history.isEmpty());
    }

    /** Sweeps since a message came or a subscriber asked. */
    public int idleSweeps() {
        return idleSweeps;
    }

    /**
     * Lets go of everything; it takes its memory until the next sweeps.
     *
     * @return how many values and messages of the history
     */
    public long clear() {
        long count = (long) valueCount() + historyCount();
        discardValues();
        discardHistory();
        return count;
    }

    /** The number of last values. */
    public int valueCount() {
        return values.size();
    }

    /** The number of messages of the history. */
    public int historyCount() {
        return history == null ? 0 : history.size();
    }

    /**
     * Last values for operators, in the order of their sequences.
     *
     * @param after the sequence behind which to begin
     */
    public List<LastValue> lastValues(long after, int most) {
        return values.shown(after, most);
    }
}
