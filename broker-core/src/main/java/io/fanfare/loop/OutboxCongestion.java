package io.fanfare.loop;

import java.time.Duration;

/**
 * Tells publishers to wait for a receiver whose socket is full: while much waits for it, and it takes bytes at a pace at which all
 * that may wait would leave within the write timeout. A burst thus costs a healthy connection nothing. A receiver that
 * takes nothing for a tenth of that timeout, a second at most, or next to nothing, delays no publisher; its outbox runs over. Written by the outbox's
 * loop, read by the loops of publishers.
 */
final class OutboxCongestion implements Congestion {

    private static final Duration MAX_PATIENCE = Duration.ofSeconds(1);

    private final EventLoop loop;

    /** Nanoseconds without progress after which no publisher waits any more, and over which the pace is measured. */
    private final long patience;

    /** Bytes that wait when publishers begin to do so, and when they end. */
    private final long high;

    private final long low;

    /** The slowest pace that is worth waiting for, in bytes a second. */
    private final long goodPace;

    private volatile boolean congested;

    /** When the socket last took something, or became full, in the loop's nanoseconds. */
    private volatile long lastTaken;

    /** Since when the pace is measured, and what had been written then. */
    private long since;

    private long writtenThen;
    private boolean keepsPace;

    /**
     * Without congestion.
     *
     * @param maxBytes the most that may wait
     * @param writeTimeout within which all of it should leave
     */
    OutboxCongestion(EventLoop loop, long maxBytes, Duration writeTimeout) {
        this.loop = loop;
        this.patience = patience(writeTimeout).toNanos();
        this.high = maxBytes / 2;
        this.low = maxBytes / 4;
        this.goodPace = Math.max(1, (long) (maxBytes / Math.max(0.001, writeTimeout.toMillis() / 1e3)));
    }

    /** How long a socket may take nothing before other clients no longer wait for it. */
    static Duration patience(Duration writeTimeout) {
        Duration tenth = Duration.ofMillis(writeTimeout.toMillis() / 10);
        return tenth.compareTo(MAX_PATIENCE) < 0 ? tenth : MAX_PATIENCE;
    }

    @Override
    public boolean holdsPublishers() {
        return congested && loop.nanoTime() - lastTaken < patience;
    }

    /**
     * Looks at the outbox after a flush that has left something.
     *
     * @param waiting bytes that wait
     * @param written bytes that the socket has taken since the beginning
     * @param lastProgress when it took the last of them, or became full
     */
    void update(long waiting, long written, long lastProgress) {
        // what was found of its pace counts until little waits: else it would be waited for anew each time it takes
        // something
        if (waiting <= (since != 0 ? low : high)) {
            end();
            return;
        }
        long now = loop.nanoTime();
        if (since == 0) {
            since = now == 0 ? 1 : now;
            writtenThen = written;
            keepsPace = true;
        } else if (now - since >= patience) {
            keepsPace = (written - writtenThen) * 1e9 / (now - since) >= goodPace;
            since = now;
            writtenThen = written;
        }
        lastTaken = lastProgress;
        set(keepsPace);
    }

    /** Little waits, or the connection is gone. */
    void end() {
        since = 0;
        set(false);
    }

    private void set(boolean value) {
        if (congested != value) {
            congested = value;
            loop.congested(value ? 1 : -1);
        }
    }
}
