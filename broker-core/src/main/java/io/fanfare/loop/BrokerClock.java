package io.fanfare.loop;

import java.time.InstantSource;

/**
 * Time as one broker reads it: the time of day, which clients are told, and a time that is never set, by which everything is
 * timed, so that no message expires too early or too late when the time of day jumps. Tests supply one that they move. Any
 * thread may call, several at once.
 */
public interface BrokerClock extends InstantSource {

    /** The clock of the machine. */
    BrokerClock SYSTEM = new SystemClock();

    /** Nanoseconds from an arbitrary origin; never goes back. */
    long nanoTime();

    /** Milliseconds of {@link #nanoTime} since some time in this process; never negative. */
    long uptimeMillis();

    /**
     * A loop has begun that goes by this clock; called once for each, by its thread. A clock that jumps has it look at its
     * timers then, with an {@link EventLoop#execute} of anything.
     */
    default void started(EventLoop loop) {}
}
