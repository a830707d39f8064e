package io.fanfare.examples.orders;

/**
 * The ledger's sums.
 *
 * @param shop whether more orders are to come
 * @param placed orders that the broker has confirmed
 * @param repeats orders that were sent once more and taken once
 * @param taken deliveries that a worker has begun with
 * @param redelivered of these, those of orders that some worker had before
 * @param failed deliveries that were given back
 * @param done orders that are settled
 * @param dead orders among the dead letters
 * @param open orders that are neither
 * @param twice orders that were settled a second time
 */
record Counts(
        Shop shop,
        int placed,
        int repeats,
        int taken,
        int redelivered,
        int failed,
        int done,
        int dead,
        int open,
        int twice) {

    /** Whether every order is accounted for, and no more are to come. */
    boolean isComplete() {
        return shop != Shop.OPEN && placed > 0 && open == 0;
    }

    /** A line for the terminal. */
    String summary() {
        return placed + " orders placed: " + done + " done, " + dead + " dead letters, " + open + " missing, " + twice
                + " done twice; " + redelivered + " redeliveries, " + repeats + " orders sent twice and taken once";
    }
}
