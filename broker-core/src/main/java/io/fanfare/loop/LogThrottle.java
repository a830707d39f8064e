package io.fanfare.loop;

import java.time.Duration;

/** Limits the log lines of one kind of event to one a second, and counts the events. Any thread may call. */
public final class LogThrottle {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private long count;

    /** How many the log knew of at its last line. */
    private long told;

    private long lastLine;

    /**
     * Counts one more event.
     *
     * @param now nanoseconds of a monotonic clock
     * @return how often since the last line, when another is due; else 0
     */
    public synchronized long next(long now) {
        count++;
        if (told > 0 && now - lastLine < SECOND) {
            return 0;
        }
        long untold = count - told;
        told = count;
        lastLine = now;
        return untold;
    }

    /** How often it has happened. */
    public synchronized long count() {
        return count;
    }
}
