package io.fanfare.retention;

import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Message;
import io.fanfare.options.TopicRule;
import java.time.Duration;

/** A topic's last messages, in their order, within the bounds of its rule. Guarded by the topic's lock. */
final class History implements Discarded.Store {

    /** Not before the first message that is kept. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    /** Messages that one publish lets go of; where more are too many, later ones and the sweep take the rest. */
    private static final int MOST_AT_ONCE = 100;

    private final RetentionAccount account;

    /**
     * For each message, when it came, in milliseconds of the epoch; never less than of the one in front of it. A message tells
     * when it was sent, which may be long before, with a delay or in a transaction, and by a time of day that is set back.
     */
    private final HistoryPlaces places = new HistoryPlaces();

    /** When the newest came, by both clocks. */
    private long lastTime;

    private long lastCame;

    private long bytes;

    /** No message up to here can be given any more. */
    private long lostUpTo;

    /** When the newest message that it has let go of came, in milliseconds of the epoch. */
    private long lostTime;

    /**
     * Nothing kept.
     *
     * @param lostUpTo no message up to this place can be given: it was not kept, or is not any more
     * @param lostBefore up to when, in milliseconds of the epoch, nothing is known where there was no such message
     */
    History(RetentionAccount account, long lostUpTo, long lostBefore) {
        this.account = account;
        this.lostUpTo = lostUpTo;
        this.lostTime = lostUpTo == 0 ? lostBefore : UNKNOWN;
    }

    int size() {
        return places.size();
    }

    @Override
    public boolean isEmpty() {
        return places.size() == 0;
    }

    long lostUpTo() {
        return lostUpTo;
    }

    /** When the newest message that it has let go of came, in milliseconds of the epoch; 0: it has let go of none, or none that it knows. */
    long lostTime() {
        return lostTime == UNKNOWN ? 0 : lostTime;
    }

    /** Whether it has all messages since a time, in milliseconds of the epoch. */
    boolean hasAllSince(long time) {
        return time > lostTime;
    }

    /** Messages up to this place, or some of them, have been lost elsewhere. */
    void lost(long upTo) {
        if (upTo > lostUpTo) {
            lostUpTo = upTo;
            lostTime = isEmpty() ? UNKNOWN : places.time(0);
        }
    }

    /**
     * Keeps a message, which has its place, and lets go of what is too much then.
     *
     * @param since when it began to age, by {@link BrokerClock#uptimeMillis}; not before the message in front of it
     */
    void add(Message message, TopicRule rule, long now, long since) {
        lastTime = Math.max(message.timestamp() + message.properties().delay(), lastTime + now - lastCame);
        lastCame = now;
        places.add(message, isEmpty() ? since : Math.max(since, places.came(size() - 1)), lastTime);
        bytes += RetentionAccount.bytes(message);
        account.keep(message);
        if (lostTime == UNKNOWN) {
            lostTime = lastTime;
        }
        trim(rule, MOST_AT_ONCE, now);
    }

    /**
     * Lets go of what is too much, the oldest first.
     *
     * @param now by {@link BrokerClock#uptimeMillis}
     * @return how many, at most so many
     */
    int trim(TopicRule rule, int most, long now) {
        int removed = 0;
        while (removed < most && !isEmpty() && isTooMuch(rule, now)) {
            removeFirst();
            removed++;
        }
        return removed;
    }

    private boolean isTooMuch(TopicRule rule, long now) {
        Duration age = rule.historyAge();
        return size() > rule.historyMessages()
                || bytes > rule.historyBytes()
                // what is newest stays: older messages of other topics go for it
                || (size() > 1 && account.isHistoryFull())
                || (age != null && places.came(0) < now - age.toMillis());
    }

    /**
     * Lets go of messages that came up to a time, the oldest first, at most so many, while all histories together are nearly full.
     *
     * @return when the oldest came that is left; {@link Long#MAX_VALUE} when there is none
     */
    long trimUpTo(long time, int most) {
        for (int removed = 0; removed < most && !isEmpty() && places.came(0) <= time; removed++) {
            if (!account.isHistoryNearlyFull()) {
                break;
            }
            removeFirst();
        }
        return isEmpty() ? Long.MAX_VALUE : places.came(0);
    }

    private void removeFirst() {
        Message message = places.message(0);
        lostTime = places.time(0);
        lostUpTo = message.sequence();
        places.removeFirst();
        bytes -= RetentionAccount.bytes(message);
        account.letGo(message);
    }

    /** An empty one that goes on where this one ends: nothing up to there can be given any more. */
    History successor() {
        History next = new History(account, lostUpTo, lostTime);
        next.lostTime = lostTime;
        if (!isEmpty()) {
            next.lostUpTo = places.message(size() - 1).sequence();
            next.lostTime = places.time(size() - 1);
        }
        next.lastTime = lastTime;
        next.lastCame = lastCame;
        return next;
    }

    @Override
    public int removeOldest(int most) {
        int removed = Math.min(most, size());
        for (int i = 0; i < removed; i++) {
            removeFirst();
        }
        return removed;
    }

    /** The index of the first message behind a sequence; the size when there is none. */
    private int behind(long sequence) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (places.message(middle).sequence() <= sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** How many messages there are behind a sequence, up to another one. */
    int count(long after, long upTo) {
        return Math.max(0, behind(upTo) - behind(after));
    }

    /** The sequence behind which the last message begins. */
    long beforeLast() {
        return isEmpty() ? lostUpTo : places.message(size() - 1).sequence() - 1;
    }

    /** The sequence behind which the messages since a time begin, in milliseconds of the epoch. */
    long before(long time) {
        int low = 0;
        int high = size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (places.time(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == size() ? Long.MAX_VALUE : places.message(low).sequence() - 1;
    }

    /**
     * Gives messages in their order, as long as there is room.
     *
     * @param after the sequence behind which to begin
     * @param upTo the last sequence to give
     * @return whether there was room for all of them
     */
    boolean read(long after, long upTo, Part into) {
        for (int i = behind(after); i < size() && places.message(i).sequence() <= upTo; i++) {
            if (!into.add(places.message(i))) {
                return false;
            }
        }
        return true;
    }
}
