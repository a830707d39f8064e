package io.fanfare.retention;

import io.fanfare.message.Message;

/**
 * The one order of all topics of a rule whose messages get their places outside of this node. These rise from message to message,
 * with gaps in each topic. One thread brings messages; any may ask.
 */
public final class Order {

    /** A client may know so many messages more than this node has got yet: it had them from another one. */
    private static final long MOST_AHEAD = 1 << 20;

    private final Message.Epoch epoch;
    private volatile long last;
    private volatile long lostUpTo;

    /**
     * An order without messages yet.
     *
     * @param lostUpTo what has a place up to here is not kept any more, and does not come
     */
    public Order(Message.Epoch epoch, long lostUpTo) {
        this.epoch = epoch;
        this.last = lostUpTo;
        this.lostUpTo = lostUpTo;
    }

    public Message.Epoch epoch() {
        return epoch;
    }

    /** The place of the last message of all topics. */
    public long last() {
        return last;
    }

    /** The message of this place has been published. */
    public void published(long place) {
        last = Math.max(last, place);
    }

    /** Up to which place a topic can't give messages that begins to keep some. */
    public long lostUpTo() {
        return lostUpTo;
    }

    /** Topics that begin from now on can't give messages up to here. */
    public void lost(long upTo) {
        lostUpTo = Math.max(lostUpTo, upTo);
    }

    /** The last place that a client may have got from another node. */
    public long furthest() {
        return last + MOST_AHEAD;
    }
}
