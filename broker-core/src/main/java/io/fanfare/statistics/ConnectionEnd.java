package io.fanfare.statistics;

import io.fanfare.frame.CloseCode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Why one connection ends: the first reason that was given. Owned by the connection's loop, whose counts are told. */
public final class ConnectionEnd {

    private final LoopCounts counts;
    private final RecentEvents events;
    private final Supplier<String> address;
    private @Nullable Disconnect reason;
    private String detail = "";
    private String id = "";
    private String user = "";

    /**
     * The end of a connection that has just been opened.
     *
     * @param events told of the end
     * @param address the peer's, as logs say it; asked for at the end
     */
    public ConnectionEnd(LoopCounts counts, RecentEvents events, Supplier<String> address) {
        this.counts = counts;
        this.events = events;
        this.address = address;
        counts.add(Count.CONNECTIONS_OPENED, 1);
    }

    /**
     * The client is CONNECTED.
     *
     * @param session its id
     * @param name of its user; empty: anonymous
     */
    public void connected(String session, String name) {
        id = session;
        user = name;
    }

    /**
     * The broker closes it, or the client has.
     *
     * @param why what operators are told beyond the code, in a sentence
     */
    public void closing(CloseCode code, String why) {
        because(Disconnect.of(code));
        if (detail.isEmpty()) {
            detail = why;
        }
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

    /** Why it ends, as far as that is known; without a reason so far it is lost. */
    public Disconnect reason() {
        return reason == null ? Disconnect.LOST : reason;
    }

    /** It is over, and is counted. */
    public Disconnect over() {
        Disconnect why = reason();
        counts.closed(why);
        events.closed(why, address.get(), id, user, detail);
        return why;
    }
}
