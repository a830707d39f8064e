package io.fanfare.event;

import io.fanfare.statistics.Disconnect;
import io.fanfare.statistics.Refusal;
import io.fanfare.status.ConnectionEvent;
import io.fanfare.status.ConnectionEvent.Kind;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last ends of connections, and refusals of sockets. What clients ended by themselves, what the broker ended and what was
 * refused are kept apart, so that many of one kind do not push out the others; all together take less than a megabyte. Any
 * thread may call.
 */
public final class RecentEvents {

    /** The most of each of the three. */
    static final int MOST = 500;

    /** Longer texts are cut. */
    static final int MAX_CHARACTERS = 200;

    private final Deque<ConnectionEvent> byClients = new ArrayDeque<>();
    private final Deque<ConnectionEvent> byBroker = new ArrayDeque<>();
    private final Deque<ConnectionEvent> refused = new ArrayDeque<>();
    private long count;
    private final InstantSource clock;

    /**
     * None yet.
     *
     * @param clock the time of day
     */
    public RecentEvents(InstantSource clock) {
        this.clock = clock;
    }

    /** A socket did not become a connection. */
    public void refused(Refusal why, String address, String detail) {
        add(refused, Kind.REFUSED, why.label(), address, "", "", detail);
    }

    /**
     * A connection has ended.
     *
     * @param connection id of its session; empty: it was not CONNECTED
     */
    void closed(Disconnect why, String address, String connection, String user, String detail) {
        add(
                why == Disconnect.CLIENT ? byClients : byBroker,
                Kind.CLOSED,
                why.label(),
                address,
                connection,
                user,
                detail);
    }

    private synchronized void add(
            Deque<ConnectionEvent> to,
            Kind kind,
            String reason,
            String address,
            String connection,
            String user,
            String detail) {
        if (to.size() == MOST) {
            to.removeFirst();
        }
        to.addLast(new ConnectionEvent(
                ++count, clock.millis(), kind, reason, cut(address), connection, cut(user), cut(detail)));
    }

    private static String cut(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS - 1) + "…";
    }

    /** Those that are kept, in no order. */
    public synchronized List<ConnectionEvent> all() {
        List<ConnectionEvent> all = new ArrayList<>(byBroker);
        all.addAll(byClients);
        all.addAll(refused);
        return all;
    }
}
