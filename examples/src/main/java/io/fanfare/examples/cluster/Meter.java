package io.fanfare.examples.cluster;

import java.util.BitSet;

/** Counts of what a subscription has got from one publisher. Any thread may call. */
final class Meter {

    private final BitSet numbers = new BitSet();
    private long last = System.nanoTime();
    private long longestNanos;
    private int doubles;

    synchronized void got(int number) {
        pause();
        last = System.nanoTime();
        if (numbers.get(number)) {
            doubles++;
        }
        numbers.set(number);
    }

    private void pause() {
        longestNanos = Math.max(longestNanos, System.nanoTime() - last);
    }

    /** The longest time without a message since the last call. */
    synchronized long longestPauseMillis() {
        pause();
        long longest = longestNanos / 1_000_000;
        longestNanos = 0;
        last = System.nanoTime();
        return longest;
    }

    synchronized boolean hasAny() {
        return !numbers.isEmpty();
    }

    /** How many messages have come twice. */
    synchronized int doubles() {
        return doubles;
    }

    /** How many of these numbers have not come, since the first that has. */
    synchronized int missing(BitSet of) {
        BitSet missing = (BitSet) of.clone();
        missing.andNot(numbers);
        missing.clear(0, Math.max(0, numbers.nextSetBit(0)));
        return missing.cardinality();
    }

    /** How many numbers between the first and the last have not come. */
    synchronized int holes() {
        int first = numbers.nextSetBit(0);
        return first < 0 ? 0 : numbers.length() - first - numbers.cardinality();
    }
}
