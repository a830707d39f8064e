package io.fanfare.broker;

import java.util.concurrent.TimeUnit;

/** A clock that nobody sets, unlike the time of day: when that jumps, no message expires too early or too late. */
final class Uptime {

    private static final long START = System.nanoTime();

    private Uptime() {}

    /** Milliseconds since some time in this process; never negative. */
    static long millis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - START);
    }
}
