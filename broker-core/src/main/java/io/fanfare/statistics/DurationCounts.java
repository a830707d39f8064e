package io.fanfare.statistics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/** Counts durations in the classes of {@link Durations}. One thread writes; any thread reads. */
public final class DurationCounts {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long[] BOUNDS = bounds();

    /** The sum comes behind the classes. */
    private static final int SUM = BOUNDS.length + 1;

    private final long[] cells = new long[SUM + 1];

    private static long[] bounds() {
        long[] bounds = new long[Durations.BOUNDS.size()];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = Durations.BOUNDS.get(i);
        }
        return bounds;
    }

    /** Counts one duration. */
    public void record(long nanos) {
        int index = 0;
        while (index < BOUNDS.length && nanos > BOUNDS[index]) {
            index++;
        }
        CELL.setOpaque(cells, index, cells[index] + 1);
        CELL.setOpaque(cells, SUM, cells[SUM] + nanos);
    }

    /** What has been counted so far; called by any thread. */
    public Durations read() {
        List<Long> counts = new ArrayList<>(SUM);
        for (int i = 0; i < SUM; i++) {
            counts.add((long) CELL.getOpaque(cells, i));
        }
        return new Durations(counts, (long) CELL.getOpaque(cells, SUM));
    }
}
