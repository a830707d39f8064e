package io.fanfare.statistics;

/**
 * Durations of one event loop: of its turns, and of the wait of what is handed to it. The loop's thread writes; any
 * thread reads.
 */
public final class LoopTimes {

    private final DurationCounts turns = new DurationCounts();
    private final DurationCounts lag = new DurationCounts();
    private final DurationCounts publishToWrite = new DurationCounts();

    /** Turns, each from the end of the wait for events to the last write. */
    public DurationCounts turns() {
        return turns;
    }

    /** From the moment at which the first of several tasks and messages was handed to the loop until the loop took them. */
    public DurationCounts lag() {
        return lag;
    }

    /** From the moment at which the first message of a turn was published, or left its queue, to the last write of that turn. */
    public DurationCounts publishToWrite() {
        return publishToWrite;
    }
}
