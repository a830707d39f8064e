package io.fanfare.broker;

import io.fanfare.event.BrokerListeners;
import io.fanfare.event.RecentEvents;
import io.fanfare.event.Refused;
import io.fanfare.statistics.ReasonCounts;
import io.fanfare.statistics.Refusal;
import java.time.InstantSource;
import java.util.Map;

/** Sockets that did not become connections: counted, kept for operators, and told to listeners. Any thread may call. */
final class SocketRefusals {

    private final ReasonCounts<Refusal> counts = new ReasonCounts<>(Refusal.class);
    private final RecentEvents events;
    private final BrokerListeners listeners;

    /**
     * None yet.
     *
     * @param clock the time of day
     */
    SocketRefusals(InstantSource clock, BrokerListeners listeners) {
        this.events = new RecentEvents(clock);
        this.listeners = listeners;
    }

    /** Where they are kept, with the ends of connections. */
    RecentEvents events() {
        return events;
    }

    void add(Refusal why, String address, String detail) {
        counts.add(why, 1);
        events.refused(why, address, detail);
        if (listeners.any()) {
            Refused refused = new Refused(Refused.Kind.SOCKET, why.label(), address, "", "", detail);
            listeners.tell(listener -> listener.refused(refused));
        }
    }

    Map<Refusal, Long> sums() {
        return counts.sums();
    }
}
