package io.fanfare.client;

import java.time.Duration;
import java.util.concurrent.Future;

/** The clock and the timer of a connection. Tests move them by hand. */
interface ClientTimer {

    /** Nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Runs the task once the time has passed, unless it is cancelled before. */
    Future<?> after(Duration delay, Runnable task);
}
