package io.fanfare.message;

/**
 * A part of a topic's life in which the numbers that clients see count on. Places of messages never go back while this process
 * runs; numbers may begin anew, in another epoch.
 *
 * @param name as MESSAGE shows it
 * @param base the place that number 0 stands for
 */
public record Epoch(String name, long base) {

    /** The number at a place, as clients see it. */
    public long number(long place) {
        return place - base;
    }

    /** The place of a number. */
    public long place(long number) {
        return base + number;
    }
}
