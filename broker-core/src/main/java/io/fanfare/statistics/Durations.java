package io.fanfare.statistics;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A histogram of durations.
 *
 * @param counts how many there were in each class: of {@link #BOUNDS}, and one behind them for all that were longer
 * @param totalNanos the sum of all, in nanoseconds
 */
public record Durations(List<Long> counts, long totalNanos) {

    /** The longest duration of each class, in nanoseconds: 10 µs to 10 s. */
    public static final List<Long> BOUNDS = List.of(
            10_000L,
            25_000L,
            50_000L,
            100_000L,
            250_000L,
            500_000L,
            1_000_000L,
            2_500_000L,
            5_000_000L,
            10_000_000L,
            25_000_000L,
            50_000_000L,
            100_000_000L,
            250_000_000L,
            500_000_000L,
            1_000_000_000L,
            2_500_000_000L,
            5_000_000_000L,
            10_000_000_000L);

    /** No durations. */
    public static final Durations NONE = new Durations(Collections.nCopies(BOUNDS.size() + 1, 0L), 0);

    public Durations {
        counts = List.copyOf(counts);
    }

    /** How many there were. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Those of both. */
    public Durations plus(Durations others) {
        return combined(others, 1);
    }

    /** Those that have come since an earlier reading. */
    public Durations since(Durations earlier) {
        return combined(earlier, -1);
    }

    private Durations combined(Durations others, int sign) {
        List<Long> sums = new ArrayList<>(counts.size());
        for (int i = 0; i < counts.size(); i++) {
            sums.add(counts.get(i) + sign * others.counts.get(i));
        }
        return new Durations(sums, totalNanos + sign * others.totalNanos);
    }

    /**
     * The duration that a part of all is not longer than, as exactly as the classes tell.
     *
     * @param part such as 0.99
     * @return the upper bound of the class in which it lies, in nanoseconds; the last bound for longer ones; 0 without any
     */
    public long quantile(double part) {
        long wanted = Math.max(1, (long) Math.ceil(part * count()));
        long seen = 0;
        for (int i = 0; i < BOUNDS.size(); i++) {
            seen += counts.get(i);
            if (seen >= wanted) {
                return BOUNDS.get(i);
            }
        }
        return count() == 0 ? 0 : BOUNDS.get(BOUNDS.size() - 1);
    }
}
