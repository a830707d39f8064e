package io.fanfare.loop;

import java.util.concurrent.TimeUnit;

/** Clock that is never set, unlike the time of day: when that jumps, no message expires too early or too late. */
public final class MonotonicClock {

    private static final long START = System.nanoTime();

    private MonotonicClock() {}

    /** Milliseconds since some time in this process; never negative. */
    public static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - START);
    }
}
