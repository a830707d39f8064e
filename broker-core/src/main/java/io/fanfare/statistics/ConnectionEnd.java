package io.fanfare.statistics;

import io.fanfare.frame.CloseCode;
import org.jspecify.annotations.Nullable;

/** Why one connection ends: the first reason that was given. Owned by the connection's loop, whose counts are told. */
public final class ConnectionEnd {

    private final LoopCounts counts;
    private @Nullable Disconnect reason;

    /** The end of a connection that has just been opened. */
    public ConnectionEnd(LoopCounts counts) {
        this.counts = counts;
        counts.add(Count.CONNECTIONS_OPENED, 1);
    }

    /** The broker closes it, or the client has. */
    public void closing(CloseCode code) {
        because(Disconnect.of(code));
    }

    /** More waits for it than may. */
    public void tooSlow() {
        because(Disconnect.TOO_SLOW);
        counts.slow(SlowAction.DISCONNECT);
    }

    /** It is cut, as its socket has taken nothing for the write timeout. */
    public void stalled() {
        because(Disconnect.STALLED);
        counts.slow(SlowAction.CUT);
    }

    /** It is cut, as its socket takes nothing while all connections together hold too much. */
    public void reclaimed() {
        because(Disconnect.RECLAIMED);
        counts.slow(SlowAction.RECLAIM);
    }

    /** It is cut for a bug of the broker's. */
    public void failed() {
        because(Disconnect.INTERNAL_ERROR);
    }

    private void because(Disconnect why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** It is over, and is counted; without a reason so far it was lost. */
    public Disconnect over() {
        Disconnect why = reason == null ? Disconnect.LOST : reason;
        counts.closed(why);
        return why;
    }
}
