package io.fanfare.testing;

import io.fanfare.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A loop that a test turns by hand, with a clock that it moves. */
public final class HandLoop extends EventLoop {

    private final AtomicLong clock;
    private boolean running;
    private boolean woken;

    public HandLoop() {
        this(new AtomicLong());
    }

    private HandLoop(AtomicLong clock) {
        super(clock::get);
        this.clock = clock;
    }

    @Override
    public boolean isCurrent() {
        return running;
    }

    @Override
    protected void wakeUp() {
        woken = true;
    }

    /** Does something as if on the loop's thread, such as reading from a socket; the turn has yet to come. */
    public void run(Runnable io) {
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
    public void takeTurn() {
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
    public boolean isAwake() {
        return woken;
    }

    /** Whether something waits for a turn, be the loop awake or not. */
    public boolean isWaitedFor() {
        return hasWork();
    }

    public long now() {
        return clock.get();
    }

    /** Moves the clock, without a turn. */
    public void advance(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    /** Nanoseconds until the transport would have to take a turn for a timer; a day when there is no timer. */
    public long nanosToTimer() {
        return nanosToNextTimer();
    }
}
