package io.fanfare.examples.dashboard;

/** The machine that is measured. Not thread-safe. */
interface Host {

    /** Limit on the processes that a measurement lists. */
    int BUSIEST = 12;

    /** Limit on the rows of the table of processes. */
    int ROWS = 100;

    /** The source of the numbers, and what it lacks, in a few words. */
    String source();

    /** Takes a measurement; its rates are averages since the last one, those of the first since this was made. */
    Measurements measure();

    /**
     * Use of all processors since the last call, or since this was made, in per cent; the same again where the machine has counted no time since.
     * Cheap enough for many calls a second.
     */
    double pulse();
}
