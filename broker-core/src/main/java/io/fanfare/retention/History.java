package io.fanfare.retention;

import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Message;
import io.fanfare.options.TopicRule;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A topic's last messages, in their order, within the bounds of its rule. Guarded by the topic's lock. */
final class History implements Discarded.Store {

    private static final int FIRST_CAPACITY = 8;

    /** Not before the first message that is kept. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    /** Messages that one publish lets go of; where more are too many, later ones and the sweep take the rest. */
    private static final int MOST_AT_ONCE = 100;

    private final RetentionAccount account;

    /** A circle; the capacity is a power of two; null where nothing is. */
    private @Nullable Message[] ring = new Message[FIRST_CAPACITY];

    /** For each message, when it came, by {@link BrokerClock#uptimeMillis}. */
    private long[] came = new long[FIRST_CAPACITY];

    /**
     * For each message, when it came, in milliseconds of the epoch; never less than of the one in front of it. A message tells
     * when it was sent, which may be long before, with a delay or in a transaction, and by a time of day that is set back.
     */
    private long[] times = new long[FIRST_CAPACITY];

    /** When the newest came, by both clocks. */
    private long lastTime;

    private long lastCame;

    private int first;
    private int size;
    private long bytes;

    /** No message up to here can be given any more. */
    private long lostUpTo;

    /** When the newest message that it has let go of came, in milliseconds of the epoch. */
    private long lostTime;

    /**
     * Nothing kept.
     *
     * @param lostUpTo no message up to this place can be given: it was not kept, or is not any more
     */
    History(RetentionAccount account, long lostUpTo) {
        this.account = account;
        this.lostUpTo = lostUpTo;
        this.lostTime = lostUpTo == 0 ? 0 : UNKNOWN;
    }

    int size() {
        return size;
    }

    @Override
    public boolean isEmpty() {
        return size == 0;
    }

    long lostUpTo() {
        return lostUpTo;
    }

    /** Whether it has all messages since a time, in milliseconds of the epoch. */
    boolean hasAllSince(long time) {
        return time > lostTime;
    }

    private Message at(int index) {
        Message message = ring[(first + index) & (ring.length - 1)];
        if (message == null) {
            throw new IllegalStateException("nothing at " + index + " of " + size);
        }
        return message;
    }

    /** Messages up to this place, or some of them, have been lost elsewhere. */
    void lost(long upTo) {
        if (upTo > lostUpTo) {
            lostUpTo = upTo;
            lostTime = size == 0 ? UNKNOWN : times[first];
        }
    }

    /**
     * Keeps a message, which has its place, and lets go of what is too much then.
     *
     * @param since when it began to age, by {@link BrokerClock#uptimeMillis}; not before the message in front of it
     */
    void add(Message message, TopicRule rule, long now, long since) {
        if (size == ring.length) {
            grow();
        }
        int place = (first + size) & (ring.length - 1);
        ring[place] = message;
        came[place] = size == 0 ? since : Math.max(since, came[(place - 1) & (ring.length - 1)]);
        lastTime = Math.max(message.timestamp() + message.properties().delay(), lastTime + now - lastCame);
        lastCame = now;
        times[place] = lastTime;
        size++;
        bytes += RetentionAccount.bytes(message);
        account.keep(message);
        if (lostTime == UNKNOWN) {
            lostTime = lastTime;
        }
        trim(rule, MOST_AT_ONCE, now);
    }

    private void grow() {
        @Nullable Message[] larger = new Message[ring.length * 2];
        long[] largerCame = new long[larger.length];
        long[] largerTimes = new long[larger.length];
        for (int i = 0; i < size; i++) {
            larger[i] = at(i);
            largerCame[i] = came[(first + i) & (ring.length - 1)];
            largerTimes[i] = times[(first + i) & (ring.length - 1)];
        }
        ring = larger;
        came = largerCame;
        times = largerTimes;
        first = 0;
    }

    /**
     * Lets go of what is too much, the oldest first.
     *
     * @param now by {@link BrokerClock#uptimeMillis}
     * @return how many, at most so many
     */
    int trim(TopicRule rule, int most, long now) {
        int removed = 0;
        while (removed < most && size > 0 && isTooMuch(rule, now)) {
            removeFirst();
            removed++;
        }
        return removed;
    }

    private boolean isTooMuch(TopicRule rule, long now) {
        Duration age = rule.historyAge();
        return size > rule.historyMessages()
                || bytes > rule.historyBytes()
                || account.isHistoryFull()
                || (age != null && came[first] < now - age.toMillis());
    }

    private void removeFirst() {
        Message message = at(0);
        lostTime = times[first];
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        size--;
        bytes -= RetentionAccount.bytes(message);
        account.letGo(message);
        lostUpTo = message.sequence();
        if (size == 0) {
            ring = new Message[FIRST_CAPACITY];
            came = new long[FIRST_CAPACITY];
            times = new long[FIRST_CAPACITY];
            first = 0;
        }
    }

    /** An empty one that goes on where this one ends: nothing up to there can be given any more. */
    History successor() {
        History next = new History(account, lostUpTo);
        next.lostTime = lostTime;
        if (size > 0) {
            next.lostUpTo = at(size - 1).sequence();
            next.lostTime = times[(first + size - 1) & (ring.length - 1)];
        }
        next.lastTime = lastTime;
        next.lastCame = lastCame;
        return next;
    }

    @Override
    public int removeOldest(int most) {
        int removed = Math.min(most, size);
        for (int i = 0; i < removed; i++) {
            removeFirst();
        }
        return removed;
    }

    /** The index of the first message behind a sequence; the size when there is none. */
    private int behind(long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle).sequence() <= sequence) {
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
        return size == 0 ? lostUpTo : at(size - 1).sequence() - 1;
    }

    /** The sequence behind which the messages since a time begin, in milliseconds of the epoch. */
    long before(long time) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[(first + middle) & (ring.length - 1)] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == size ? Long.MAX_VALUE : at(low).sequence() - 1;
    }

    /**
     * Gives messages in their order, as long as there is room.
     *
     * @param after the sequence behind which to begin
     * @param upTo the last sequence to give
     * @return whether there was room for all of them
     */
    boolean read(long after, long upTo, Part into) {
        for (int i = behind(after); i < size && at(i).sequence() <= upTo; i++) {
            if (!into.add(at(i))) {
                return false;
            }
        }
        return true;
    }
}
