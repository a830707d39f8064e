package io.fanfare.server.internal.net;

import static io.fanfare.frame.Limits.exceeded;

import io.fanfare.loop.LogThrottle;
import io.fanfare.statistics.Refusal;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits the connections of all listeners together, those of one address, and the pending sockets, whose client is not
 * CONNECTED yet. A new socket is never refused for the pending ones: the address with most of them loses its oldest, so that
 * a flood of silent sockets keeps out only itself. Any thread may call.
 */
public final class Admission {

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

    /**
     * How many there may be.
     *
     * @param maxConnections connections of all listeners together
     * @param maxConnectionsPerAddress connections of one client's address, or of one IPv6 network of 64 bits; 0: no limit
     * @param maxPendingHandshakes sockets whose client is not CONNECTED yet
     */
    public record Limits(int maxConnections, int maxConnectionsPerAddress, int maxPendingHandshakes) {}

    private final Limits limits;
    private final Consumer<Refusal> refusals;
    private final Map<InetAddress, AddressCounts> addresses = new HashMap<>();

    /** Addresses with pending sockets, the one with most of them last. */
    private final TreeSet<AddressCounts> byPending = new TreeSet<>();

    private final LogThrottle abortedLines = new LogThrottle();
    private final LogThrottle refusedLines = new LogThrottle();
    private long addressesSoFar;
    private int pending;
    private int connections;

    /**
     * Without sockets.
     *
     * @param refusals told why each socket was refused; called by any thread
     */
    public Admission(Limits limits, Consumer<Refusal> refusals) {
        this.limits = limits;
        this.refusals = refusals;
    }

    /** A socket is refused. */
    void refused(Refusal why) {
        refusals.accept(why);
    }

    /** Connections that have been admitted and are not closed. */
    public synchronized int connections() {
        return connections;
    }

    /** Sockets whose client is not CONNECTED yet. */
    public synchronized int pending() {
        return pending;
    }

    /** Counts a socket as pending; another one may be aborted for it. */
    void accepted(AcceptedSocket socket) {
        AcceptedSocket victim;
        synchronized (this) {
            addPending(socket, countsOf(socket));
            victim = pending > limits.maxPendingHandshakes() ? removeOldestOfLargest() : null;
        }
        if (victim != null) {
            refused(Refusal.TOO_MANY_PENDING);
            logAborted(victim);
            victim.abort();
        }
    }

    private void logAborted(AcceptedSocket victim) {
        long aborted = abortedLines.next(System.nanoTime());
        if (aborted > 0) {
            LOG.warn(
                    "closed {} sockets before their clients were connected, the last one peer={}; their limit is {}"
                            + " (max_pending_handshakes)",
                    aborted,
                    victim,
                    limits.maxPendingHandshakes());
        }
    }

    private @Nullable AcceptedSocket removeOldestOfLargest() {
        AcceptedSocket oldest = byPending.last().pending.iterator().next();
        removePending(oldest);
        return oldest;
    }

    /** A proxy has told the client's address. */
    synchronized void addressChanged(AcceptedSocket socket) {
        if (socket.isPending) {
            removePending(socket);
            addPending(socket, countsOf(socket));
        }
    }

    synchronized Optional<String> admit(AcceptedSocket socket) {
        AddressCounts counts = countsOf(socket);
        if (connections >= limits.maxConnections()) {
            refused(Refusal.TOO_MANY_CONNECTIONS);
            return refuse(socket, "the broker has", connections, limits.maxConnections(), "max_connections");
        }
        int limit = limits.maxConnectionsPerAddress();
        if (limit > 0 && counts.connections >= limit) {
            refused(Refusal.TOO_MANY_FOR_ADDRESS);
            return refuse(socket, "this address has", counts.connections, limit, "max_connections_per_address");
        }
        socket.counts = counts;
        socket.isConnection = true;
        counts.connections++;
        connections++;
        return Optional.empty();
    }

    private Optional<String> refuse(AcceptedSocket socket, String holder, int count, int limit, String key) {
        String why = exceeded(holder + " %,d connections", count, limit, key);
        long refusals = refusedLines.next(System.nanoTime());
        if (refusals > 0) {
            LOG.warn("refused {} connections, the last one peer={}: {}", refusals, socket, why);
        }
        removeIfUnused(countsOf(socket));
        return Optional.of(why);
    }

    synchronized void connected(AcceptedSocket socket) {
        removePending(socket);
    }

    synchronized void closed(AcceptedSocket socket) {
        removePending(socket);
        if (socket.isConnection) {
            socket.isConnection = false;
            connections--;
            AddressCounts counts = Objects.requireNonNull(socket.counts);
            counts.connections--;
            removeIfUnused(counts);
        }
    }

    private void addPending(AcceptedSocket socket, AddressCounts counts) {
        byPending.remove(counts);
        counts.pending.add(socket);
        byPending.add(counts);
        socket.counts = counts;
        socket.isPending = true;
        pending++;
    }

    private void removePending(AcceptedSocket socket) {
        AddressCounts counts = socket.counts;
        if (socket.isPending && counts != null) {
            byPending.remove(counts);
            counts.pending.remove(socket);
            if (!counts.pending.isEmpty()) {
                byPending.add(counts);
            }
            socket.isPending = false;
            pending--;
            removeIfUnused(counts);
        }
    }

    private AddressCounts countsOf(AcceptedSocket socket) {
        return addresses.computeIfAbsent(
                AddressCounts.countedAs(socket.client()), address -> new AddressCounts(address, ++addressesSoFar));
    }

    private void removeIfUnused(AddressCounts counts) {
        if (counts.isUnused()) {
            addresses.remove(counts.address());
        }
    }
}
