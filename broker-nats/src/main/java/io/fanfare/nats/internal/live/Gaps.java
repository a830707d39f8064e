package io.fanfare.nats.internal.live;

/** Notices batches that have not come, by their numbers. Used by one thread. */
final class Gaps {

    private final Numbers numbers = new Numbers();

    /** Whether something may come in the middle: this node has just begun to listen. */
    private boolean isSettling = true;

    /** From now on a life that is not known must be heard of from its beginning. */
    void settled() {
        isSettling = false;
    }

    /**
     * Whether a batch comes behind one that was sent later: a link or a NATS server brings what it has held, while the sender has
     * been at another server for a while. It was told of as missing already.
     */
    boolean isLate(Envelope envelope) {
        Long before = numbers.last(envelope.life());
        return before != null && !envelope.isMark() && envelope.number() <= before;
    }

    /** What has come; whether batches before it have not. */
    boolean isBehindGap(Envelope envelope) {
        Long before = numbers.last(envelope.life());
        long expected = before == null ? firstExpected(envelope) : before + (envelope.isMark() ? 0 : 1);
        numbers.add(envelope.life(), envelope.number());
        return envelope.number() > expected;
    }

    private long firstExpected(Envelope envelope) {
        if (isSettling) {
            return envelope.number();
        }
        return envelope.isMark() ? 0 : 1;
    }
}
