package io.fanfare.testing;

import io.fanfare.loop.BrokerClock;
import java.time.Duration;
import java.time.Instant;

/** The time by which messages expire, moved by hand. */
public final class HandClock implements BrokerClock {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private volatile Duration passed = Duration.ofSeconds(1);

    /** Time goes by; timers of loops have a time of their own. */
    public void pass(Duration time) {
        passed = passed.plus(time);
    }

    @Override
    public Instant instant() {
        return START.plus(passed);
    }

    @Override
    public long nanoTime() {
        return passed.toNanos();
    }

    @Override
    public long uptimeMillis() {
        return passed.toMillis();
    }
}
