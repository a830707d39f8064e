package io.fanfare.retention;

import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Message;
import io.fanfare.message.Retain;
import io.fanfare.options.TopicRule;
import io.fanfare.status.LastValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Messages that one topic keeps, as its rule and its messages ask for. Guarded by the topic's lock. */
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
     * @param lostUpTo a history that begins can't give messages up to this place
     * @param lostBefore up to when it does not know of any, in milliseconds of the epoch
     */
    public void rule(@Nullable TopicRule newRule, long lostUpTo, long lostBefore) {
        if (rule != null && !hasSameKeys(rule, newRule)) {
            // values by other keys, or that were not asked for: what they stand for is not known any more
            discardValues();
        }
        rule = newRule;
        if (newRule == null || !newRule.hasHistory()) {
            discardHistory();
            history = null;
        } else if (history == null) {
            history = new History(account, lostUpTo, lostBefore);
        }
    }

    /** The history can't give messages up to this place, or not all of them: they have been lost elsewhere. */
    public void lost(long upTo) {
        if (history != null) {
            history.lost(upTo);
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
        int mostExpired = MOST_EXPIRED + messages.size();
        for (Message message : messages) {
            if (isValue(message)) {
                String key = key(message);
                account.checkKey(key);
                if (account.isNearlyFull(message)) {
                    mostExpired -= makeRoom(account.clock().uptimeMillis(), mostExpired);
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

    private boolean isValue(Message message) {
        return RetentionRules.isValue(rule, message);
    }

    private String key(Message message) {
        return Objects.requireNonNullElse(RetentionRules.key(rule, message), "");
    }

    /**
     * Keeps a message, which has its place, as far as it is to be kept.
     *
     * @param age milliseconds since it was published
     */
    public void add(Message message, long age) {
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
            long now = account.clock().uptimeMillis();
            history.add(message, rule, now, now - age);
        }
    }

    // ---- subscriptions --------------------------------------------------------------------------------------------

    /**
     * Where a subscription begins that joins now.
     *
     * @param sequence of the topic
     * @param epoch the topic's
     * @param furthest the last place that a client may have got
     */
    public Position position(ReplayRequest request, long sequence, Message.Epoch epoch, long furthest) {
        idleSweeps = 0;
        values.expire(account.clock().uptimeMillis(), MOST_EXPIRED);
        return switch (request.from()) {
            case UNSAID -> snapshot(request, sequence, epoch, null);
            case NEXT -> new Position(sequence, epoch, Position.Store.NOTHING, sequence, 0, true);
            case FIRST -> behind(request, sequence, epoch, history == null ? -1 : history.lostUpTo());
            case LAST -> behind(request, sequence, epoch, history == null ? -1 : history.beforeLast());
            case TIME -> behindTime(request, sequence, epoch);
            case CURSOR -> behindCursor(request, sequence, epoch, furthest);
        };
    }

    private Position snapshot(ReplayRequest request, long sequence, Message.Epoch epoch, @Nullable Boolean recovered) {
        boolean some = request.wantsSnapshot() && !values.isEmpty();
        return new Position(
                sequence,
                epoch,
                some ? Position.Store.VALUES : Position.Store.NOTHING,
                -1,
                some ? values.size() : 0,
                recovered);
    }

    /** All of the history behind a sequence; below 0, there is no history. */
    private Position behind(ReplayRequest request, long sequence, Message.Epoch epoch, long after) {
        if (history == null || after < 0) {
            return snapshot(request, sequence, epoch, false);
        }
        return replay(sequence, epoch, Math.min(after, sequence), true);
    }

    private Position replay(long sequence, Message.Epoch epoch, long after, boolean recovered) {
        int count = history == null ? 0 : history.count(after, sequence);
        return new Position(
                sequence, epoch, count == 0 ? Position.Store.NOTHING : Position.Store.HISTORY, after, count, recovered);
    }

    private Position behindTime(ReplayRequest request, long sequence, Message.Epoch epoch) {
        if (history == null) {
            return snapshot(request, sequence, epoch, false);
        }
        boolean hasAll = history.hasAllSince(request.number());
        if (!hasAll && !values.isEmpty()) {
            return snapshot(request, sequence, epoch, false);
        }
        long after = Math.min(history.before(request.number()), sequence);
        return replay(sequence, epoch, after, hasAll);
    }

    private Position behindCursor(ReplayRequest request, long sequence, Message.Epoch epoch, long furthest) {
        boolean isOfThisLife = request.epoch() == null || request.epoch().equals(epoch.name());
        long place = request.number() > furthest ? Long.MAX_VALUE : epoch.place(request.number());
        boolean isPossible = isOfThisLife && place <= furthest;
        if (isPossible && place >= sequence) {
            // it may have had from another node what this one has not got yet: that must not come twice
            return replay(place, epoch, place, true);
        }
        if (isPossible && history != null && place >= history.lostUpTo()) {
            return replay(sequence, epoch, place, true);
        }
        if (!values.isEmpty() || history == null) {
            return snapshot(request, sequence, epoch, false);
        }
        // no last values: all that there is
        return replay(sequence, epoch, history.lostUpTo(), false);
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

    /** How many messages the history has behind a sequence, up to another one. */
    public int historyCount(long after, long upTo) {
        return history == null ? 0 : history.count(after, upTo);
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

    /** When the newest message that it has let go of came, in milliseconds of the epoch; 0: none that it knows. */
    public long lostTime() {
        return history == null ? 0 : history.lostTime();
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
