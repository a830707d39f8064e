package io.fanfare.client;

import java.time.Duration;
import java.util.concurrent.Future;

/** Time for a connection: now, and later. Tests move it by hand. */
interface Timer {

    /** Nanoseconds from an arbitrary origin. */
    long nanoTime();

    /** Runs the task once the time has passed, unless it is cancelled before. */
    Future<?> after(Duration delay, Runnable task);
}
