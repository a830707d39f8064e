package io.fanfare.broker;

import io.fanfare.loop.EventLoop;
import java.time.Duration;

/** A loop that a test turns by hand, with a clock that it moves. */
final class HandLoop extends EventLoop {

    private long now;
    private boolean running;
    private boolean woken;

    @Override
    public boolean isCurrent() {
        return running;
    }

    @Override
    protected void wakeUp() {
        woken = true;
    }

    @Override
    public long nanoTime() {
        return now;
    }

    /** Does something as if on the loop's thread, such as reading from a socket; the turn has yet to come. */
    void run(Runnable io) {
        running = true;
        // a transport takes a turn after each round of its selector
        woken = true;
        try {
            io.run();
        } finally {
            running = false;
        }
    }

    /** Takes one turn. */
    void takeTurn() {
        running = true;
        woken = false;
        try {
            turn();
            // a transport looks for work before it sleeps
            woken |= hasWork();
        } finally {
            running = false;
        }
    }

    /** Whether a transport would take a turn now. */
    boolean isAwake() {
        return woken;
    }

    /** Whether something waits for a turn, be the loop awake or not. */
    boolean isWaitedFor() {
        return hasWork();
    }

    long now() {
        return now;
    }

    /** Moves the clock, without a turn. */
    void advance(Duration time) {
        now += time.toNanos();
    }

    /** Nanoseconds until the transport would have to take a turn for a timer; a day when there is no timer. */
    long nanosToTimer() {
        return nanosToNextTimer();
    }
}
