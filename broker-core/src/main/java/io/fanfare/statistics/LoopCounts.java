package io.fanfare.statistics;

import io.fanfare.frame.Command;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.EnumMap;
import java.util.Map;

/**
 * The counters of one event loop, which start at zero. The loop's thread alone writes; any thread reads.
 *
 * <p>A writer needs neither a lock nor an atomic addition, as it is the only one: it loads, adds, and stores in opaque mode,
 * which costs what a plain store does. Readers load in opaque mode: they see whole values that never go back, and the last one
 * soon. So a scrape needs no task on a loop that may be busy; what it reads of several counters is not of one moment.
 */
public final class LoopCounts {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    /** Cells at both ends that nothing uses: a cache line of its own for what is next to the array. */
    private static final int PADDING = 8;

    private static final int COUNTS = PADDING;
    private static final int RECEIVED = COUNTS + Count.values().length;
    private static final int SENT = RECEIVED + Command.values().length;
    private static final int CLOSED = SENT + Command.values().length;
    private static final int DROPPED = CLOSED + Disconnect.values().length;
    private static final int SLOW = DROPPED + Drop.values().length;
    private static final int END = SLOW + SlowAction.values().length;

    private final long[] cells = new long[END + PADDING];
    private final LoopTimes times = new LoopTimes();

    /** Adds to a count. */
    public void add(Count count, long more) {
        addTo(COUNTS + count.ordinal(), more);
    }

    /** Sets a count that goes up and down. */
    public void set(Count count, long value) {
        CELL.setOpaque(cells, COUNTS + count.ordinal(), value);
    }

    /** A frame has come from a client. */
    public void received(Command command) {
        addTo(RECEIVED + command.ordinal(), 1);
    }

    /** A frame has been given to a connection; deliveries of messages are counted by {@link Count#DELIVERED} alone. */
    public void sent(Command command) {
        addTo(SENT + command.ordinal(), 1);
    }

    /** A connection has ended. */
    public void closed(Disconnect why) {
        addTo(CLOSED + why.ordinal(), 1);
    }

    /** Messages were dropped. */
    public void dropped(Drop why, long messages) {
        addTo(DROPPED + why.ordinal(), messages);
    }

    /** Something was done about a slow client. */
    public void slow(SlowAction action) {
        addTo(SLOW + action.ordinal(), 1);
    }

    private void addTo(int cell, long more) {
        CELL.setOpaque(cells, cell, cells[cell] + more);
    }

    /** How long turns and hand-overs take. */
    public LoopTimes times() {
        return times;
    }

    // ---- for any thread -------------------------------------------------------------------------------------------

    /** The value of a count. */
    public long get(Count count) {
        return get(COUNTS + count.ordinal());
    }

    /** Adds the frames that have come to what the map has. */
    public void addReceived(Map<Command, Long> sums) {
        addAll(Command.values(), RECEIVED, sums);
    }

    /** Adds the frames that were given to connections to what the map has. */
    public void addSent(Map<Command, Long> sums) {
        addAll(Command.values(), SENT, sums);
        sums.merge(Command.MESSAGE, get(Count.DELIVERED), Long::sum);
    }

    /** Adds the connections that have ended to what the map has. */
    public void addClosed(Map<Disconnect, Long> sums) {
        addAll(Disconnect.values(), CLOSED, sums);
    }

    /** Adds the dropped messages to what the map has. */
    public void addDropped(Map<Drop, Long> sums) {
        addAll(Drop.values(), DROPPED, sums);
    }

    /** Adds what was done about slow clients to what the map has. */
    public void addSlow(Map<SlowAction, Long> sums) {
        addAll(SlowAction.values(), SLOW, sums);
    }

    private <K extends Enum<K>> void addAll(K[] keys, int first, Map<K, Long> sums) {
        for (K key : keys) {
            sums.merge(key, get(first + key.ordinal()), Long::sum);
        }
    }

    private long get(int cell) {
        return (long) CELL.getOpaque(cells, cell);
    }

    /** A map with zero for each constant. */
    public static <K extends Enum<K>> Map<K, Long> zeros(Class<K> type) {
        Map<K, Long> zeros = new EnumMap<>(type);
        for (K key : type.getEnumConstants()) {
            zeros.put(key, 0L);
        }
        return zeros;
    }
}
