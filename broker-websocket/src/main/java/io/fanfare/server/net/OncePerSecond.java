package io.fanfare.server.net;

import java.time.Duration;

/** Keeps what happens very often from being logged each time. Any thread may call. */
final class OncePerSecond {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private int since;
    private boolean begun;
    private long last;

    /** It has happened: so many times since it was last told, or 0 when it is not to be told now. */
    synchronized int next() {
        since++;
        long now = System.nanoTime();
        if (begun && now - last < SECOND) {
            return 0;
        }
        begun = true;
        last = now;
        int count = since;
        since = 0;
        return count;
    }
}
