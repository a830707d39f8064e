package io.fanfare.statistics;

import org.jspecify.annotations.Nullable;

/** Why one connection ends: the first reason that was given. Owned by the connection's loop, which counts it. */
public final class ConnectionEnd {

    private final LoopCounts counts;
    private @Nullable Disconnect reason;

    /** The end of a connection that is open. */
    public ConnectionEnd(LoopCounts counts) {
        this.counts = counts;
        counts.add(Count.CONNECTIONS_OPENED, 1);
    }

    /** It is about to end; a later reason does not count. */
    public void because(Disconnect why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** It is about to end, as its client takes messages too slowly. */
    public void because(Disconnect why, SlowAction action) {
        because(why);
        counts.slow(action);
    }

    /** Counts it; without a reason so far the connection was lost. */
    public Disconnect over() {
        Disconnect found = reason == null ? Disconnect.LOST : reason;
        counts.closed(found);
        return found;
    }
}
