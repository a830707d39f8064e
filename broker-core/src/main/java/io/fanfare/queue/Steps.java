package io.fanfare.queue;

/**
 * Counts what one operation does under a queue's lock, so that none holds it for longer than a few hundred steps: what is
 * left goes on in another turn. Belongs to the queue's lock.
 */
final class Steps {

    /** Messages that one operation may look at. */
    static final int LIMIT = 256;

    /** Bytes of messages that one operation may hand out: what a loop is given in a turn. */
    private static final long LIMIT_BYTES = 1 << 20;

    private final int limit;
    private int taken;
    private long given;
    private int most;
    private long before;

    Steps() {
        this(LIMIT);
    }

    /** Steps with another limit, for tests. */
    Steps(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }

    /** An operation begins. */
    void begin() {
        most = most();
        before += taken;
        taken = 0;
        given = 0;
    }

    /** Looks at a message, or asks a consumer about one. */
    void take() {
        taken++;
    }

    /** Does as much as so many looks. */
    void take(long looks) {
        taken += (int) looks;
    }

    /** Hands out a message. */
    void give(long bytes) {
        given += bytes;
    }

    boolean areLeft() {
        return taken < limit && given < LIMIT_BYTES;
    }

    /** All that operations have taken so far. */
    long all() {
        return before + taken;
    }

    /** The most that an operation has taken so far. */
    int most() {
        return Math.max(most, taken);
    }
}
