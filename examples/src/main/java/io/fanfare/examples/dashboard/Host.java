package io.fanfare.examples.dashboard;

/** The machine that is measured. Not thread-safe. */
interface Host {

    /** How many processes a measurement lists at most. */
    int BUSIEST = 12;

    /** Where the numbers come from, and what is missing, in a few words. */
    String source();

    /** Takes a measurement; rates are over the time since the one before, and 0 in the first. */
    Measurements measure();
}
