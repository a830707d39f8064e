package io.fanfare.examples.dashboard;

/** The machine that is measured. Not thread-safe. */
interface Host {

    /** Limit on the processes that a measurement lists. */
    int BUSIEST = 12;

    /** The source of the numbers, and what it lacks, in a few words. */
    String source();

    /** Takes a measurement; its rates are averages since the last one, and 0 in the first. */
    Measurements measure();
}
