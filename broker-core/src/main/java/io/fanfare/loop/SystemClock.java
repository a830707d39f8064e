package io.fanfare.loop;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The clock of the machine. */
final class SystemClock implements BrokerClock {

    private static final long START = System.nanoTime();

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long millis() {
        return System.currentTimeMillis();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long uptimeMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - START);
    }
}
