package io.fanfare.testkit.internal;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls a condition that tells nobody when it becomes true, until a deadline. */
public final class Poll {

    private static final long SHORTEST_NANOS = 1_000_000;
    private static final long LONGEST_NANOS = 20_000_000;

    private Poll() {}

    /** Whether the condition holds within this time; false too when the thread is interrupted, which stays set. */
    public static boolean until(Duration most, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            long waited = System.nanoTime() - start;
            if (waited > most.toNanos() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            // a tenth of the time that has been waited: what comes soon is noticed soon
            LockSupport.parkNanos(Math.max(SHORTEST_NANOS, Math.min(LONGEST_NANOS, waited / 10)));
        }
        return true;
    }
}
