package io.fanfare.event;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.statistics.Count;
import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.LoopCounts;
import io.fanfare.statistics.SlowAction;
import io.fanfare.status.SessionStatus;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records why one connection ends (the first reason counts), and tells the loop's counts and the listeners. Owned by the
 * connection's loop.
 */
public final class ConnectionEnd {

    private final LoopCounts counts;
    private final RecentEvents events;
    private final BrokerListeners listeners;
    private final Supplier<String> address;
    private @Nullable Disconnect reason;
    private String detail = "";

    /** Null before CONNECTED; read by any thread. */
    private volatile @Nullable Supplier<SessionStatus> session;

    /**
     * The end of a connection that has just been opened.
     *
     * @param events told of the end
     * @param listeners told of the end, and of what leads to it
     * @param address the peer's, as logs say it; asked for at the end
     */
    public ConnectionEnd(LoopCounts counts, RecentEvents events, BrokerListeners listeners, Supplier<String> address) {
        this.counts = counts;
        this.events = events;
        this.listeners = listeners;
        this.address = address;
        counts.add(Count.CONNECTIONS_OPENED, 1);
    }

    /** The client is CONNECTED. */
    public void connected(Supplier<SessionStatus> status) {
        session = status;
        if (listeners.any()) {
            SessionStatus now = status.get();
            listeners.tell(listener -> listener.connected(now));
        }
    }

    /** The client as it is told of; null before CONNECTED. Called by any thread. */
    public @Nullable SessionStatus session() {
        Supplier<SessionStatus> status = session;
        return status == null ? null : status.get();
    }

    /** What came, or did not come, is refused with an ERROR. */
    public void refused(ProtocolException why) {
        if (listeners.any()) {
            SessionStatus known = session();
            Refused refused = new Refused(
                    Refused.Kind.FRAME,
                    why.summary(),
                    address.get(),
                    known == null ? "" : known.id(),
                    known == null ? "" : known.user(),
                    why.detail());
            listeners.tell(listener -> listener.refused(refused));
        }
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
    public void tooSlow(long waitingBytes) {
        because(Disconnect.TOO_SLOW);
        slow(SlowAction.DISCONNECT, waitingBytes);
    }

    /** Records a cut: the socket has taken nothing for the write timeout. */
    public void stalled(long waitingBytes) {
        because(Disconnect.STALLED);
        slow(SlowAction.CUT, waitingBytes);
    }

    /** Records a cut: the socket takes nothing while all connections together hold too much. */
    public void reclaimed(long waitingBytes) {
        because(Disconnect.RECLAIMED);
        slow(SlowAction.RECLAIM, waitingBytes);
    }

    private void slow(SlowAction action, long waitingBytes) {
        counts.slow(action);
        SessionStatus now = listeners.any() ? session() : null;
        if (now != null) {
            listeners.tell(listener -> listener.slowConsumer(now, action, waitingBytes));
        }
    }

    /** Records a cut for a bug of the broker's. */
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

    /** Counts the end, and returns the reason. */
    public Disconnect over() {
        Disconnect why = reason();
        SessionStatus last = session();
        counts.closed(why);
        events.closed(why, address.get(), last == null ? "" : last.id(), last == null ? "" : last.user(), detail);
        if (last != null && listeners.any()) {
            listeners.tell(listener -> listener.disconnected(last, why, detail));
        }
        return why;
    }
}
