package io.fanfare.server.internal.net;

import io.fanfare.loop.LogThrottle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many there are and may be: connections of all listeners together, those of one address, and sockets whose client is
 * not in yet. Of these the last one always finds room, and it is the address with most of them that loses its oldest: a
 * flood of silent sockets keeps nobody out but itself. Any thread may call.
 */
public final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    /**
     * How many there may be.
     *
     * @param maxConnections connections of all listeners together
     * @param maxConnectionsPerAddress connections of one client's address, or of one IPv6 network of 64 bits; 0: no limit
     * @param maxPendingHandshakes sockets whose client is not authenticated yet
     */
    public record Limits(int maxConnections, int maxConnectionsPerAddress, int maxPendingHandshakes) {}

    private final Limits limits;
    private final Map<InetAddress, Origin> origins = new HashMap<>();

    /** Those with pending sockets, the greediest last. */
    private final TreeSet<Origin> greed = new TreeSet<>();

    private final LogThrottle cutLines = new LogThrottle();
    private final LogThrottle refusedLines = new LogThrottle();
    private long originsSoFar;
    private int pending;
    private int connections;

    public Admission(Limits limits) {
        this.limits = limits;
    }

    /** Connections there are. */
    public synchronized int connections() {
        return connections;
    }

    /** Sockets whose client is not in yet. */
    public synchronized int pending() {
        return pending;
    }

    /**
     * A socket has been accepted.
     *
     * @param cut ends it at once; called by any thread
     */
    Arrival arrive(InetSocketAddress peer, Runnable cut) {
        Arrival arrival = new Arrival(this, peer, cut);
        Arrival victim;
        synchronized (this) {
            pending(arrival, origin(arrival));
            victim = pending > limits.maxPendingHandshakes() ? greediest() : null;
        }
        if (victim != null) {
            long cuts = cutLines.next(System.nanoTime());
            if (cuts > 0) {
                LOG.warn(
                        "cut {} sockets whose clients were not in, the last one peer={}; their limit is {}"
                                + " (max_pending_handshakes)",
                        cuts,
                        victim,
                        limits.maxPendingHandshakes());
            }
            victim.cut();
        }
        return arrival;
    }

    private @Nullable Arrival greediest() {
        Arrival oldest = greed.last().pending.iterator().next();
        settle(oldest);
        return oldest;
    }

    /** It is known by now whose the socket is. */
    synchronized void moved(Arrival arrival) {
        if (arrival.isPending) {
            settle(arrival);
            pending(arrival, origin(arrival));
        }
    }

    synchronized Optional<String> admit(Arrival arrival) {
        Origin origin = origin(arrival);
        if (connections >= limits.maxConnections()) {
            return refused(arrival, "the broker has", connections, limits.maxConnections(), "max_connections");
        }
        int limit = limits.maxConnectionsPerAddress();
        if (limit > 0 && origin.connections >= limit) {
            return refused(arrival, "this address has", origin.connections, limit, "max_connections_per_address");
        }
        arrival.origin = origin;
        arrival.isConnection = true;
        origin.connections++;
        connections++;
        return Optional.empty();
    }

    private Optional<String> refused(Arrival arrival, String who, int count, int limit, String key) {
        String why = String.format(Locale.ROOT, "%s %,d connections, the limit is %,d (%s)", who, count, limit, key);
        long refusals = refusedLines.next(System.nanoTime());
        if (refusals > 0) {
            LOG.warn("refused {} connections, the last one peer={}: {}", refusals, arrival, why);
        }
        forget(origin(arrival));
        return Optional.of(why);
    }

    synchronized void connected(Arrival arrival) {
        settle(arrival);
    }

    synchronized void leave(Arrival arrival) {
        settle(arrival);
        if (arrival.isConnection) {
            arrival.isConnection = false;
            connections--;
            Origin origin = Objects.requireNonNull(arrival.origin);
            origin.connections--;
            forget(origin);
        }
    }

    private void pending(Arrival arrival, Origin origin) {
        greed.remove(origin);
        origin.pending.add(arrival);
        greed.add(origin);
        arrival.origin = origin;
        arrival.isPending = true;
        pending++;
    }

    /** It is pending no more. */
    private void settle(Arrival arrival) {
        Origin origin = arrival.origin;
        if (arrival.isPending && origin != null) {
            greed.remove(origin);
            origin.pending.remove(arrival);
            if (!origin.pending.isEmpty()) {
                greed.add(origin);
            }
            arrival.isPending = false;
            pending--;
            forget(origin);
        }
    }

    private Origin origin(Arrival arrival) {
        return origins.computeIfAbsent(Origin.of(arrival.client()), address -> new Origin(address, ++originsSoFar));
    }

    private void forget(Origin origin) {
        if (origin.isGone()) {
            origins.remove(origin.address());
        }
    }
}
