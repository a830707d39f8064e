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

    /** Is told of sockets that do not become connections. */
    @FunctionalInterface
    public interface Refusals {

        /**
         * A socket has been refused; called by any thread.
         *
         * @param peer its address, as logs say it
         * @param detail more than the reason, in a sentence; may be empty
         */
        void refused(Refusal why, String peer, String detail);
    }

    private final Limits limits;
    private final Refusals refusals;
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
     * @param refusals told why each socket was refused
     */
    public Admission(Limits limits, Refusals refusals) {
        this.limits = limits;
        this.refusals = refusals;
    }

    /** A socket is refused. */
    void refused(Refusal why, AcceptedSocket socket, String detail) {
        refusals.refused(why, socket.toString(), detail);
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
        int count;
        synchronized (this) {
            addPending(socket, countsOf(socket));
            count = pending;
            victim = count > limits.maxPendingHandshakes() ? removeOldestOfLargest() : null;
        }
        if (victim != null) {
            String why = exceeded(
                    "the broker has %,d sockets whose clients are not CONNECTED",
                    count, limits.maxPendingHandshakes(), "max_pending_handshakes");
            refused(Refusal.TOO_MANY_PENDING, victim, why);
            logAborted(victim, why);
            victim.abort();
        }
    }

    private void logAborted(AcceptedSocket victim, String why) {
        long aborted = abortedLines.next(System.nanoTime());
        if (aborted > 0) {
            LOG.warn(
                    "closed {} sockets before their clients were connected, the last one peer={}: {}",
                    aborted,
                    victim,
                    why);
        }
    }

    private @Nullable AcceptedSocket removeOldestOfLargest() {
        AcceptedSocket oldest = byPending.last().oldestPending();
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

    /** Why a socket does not become a connection. */
    private record Refused(Refusal reason, String why) {}

    /** Makes a socket a connection, or says which limit that would exceed. */
    Optional<String> admit(AcceptedSocket socket) {
        Refused refused = tryToAdmit(socket);
        if (refused == null) {
            return Optional.empty();
        }
        // not under the lock of all accepts: listeners may be an embedder's
        refused(refused.reason(), socket, refused.why());
        long lines = refusedLines.next(System.nanoTime());
        if (lines > 0) {
            LOG.warn("refused {} connections, the last one peer={}: {}", lines, socket, refused.why());
        }
        return Optional.of(refused.why());
    }

    private synchronized @Nullable Refused tryToAdmit(AcceptedSocket socket) {
        AddressCounts counts = countsOf(socket);
        Refused refused = refusal(counts);
        if (refused != null) {
            removeIfUnused(counts);
            return refused;
        }
        socket.counts = counts;
        socket.isConnection = true;
        counts.connections++;
        connections++;
        return null;
    }

    private @Nullable Refused refusal(AddressCounts counts) {
        if (connections >= limits.maxConnections()) {
            return new Refused(
                    Refusal.TOO_MANY_CONNECTIONS,
                    exceeded(
                            "the broker has %,d connections", connections, limits.maxConnections(), "max_connections"));
        }
        int limit = limits.maxConnectionsPerAddress();
        if (limit > 0 && counts.connections >= limit) {
            return new Refused(
                    Refusal.TOO_MANY_FOR_ADDRESS,
                    exceeded(
                            "this address has %,d connections",
                            counts.connections, limit, "max_connections_per_address"));
        }
        return null;
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
        counts.addPending(socket);
        byPending.add(counts);
        socket.counts = counts;
        socket.isPending = true;
        pending++;
    }

    private void removePending(AcceptedSocket socket) {
        AddressCounts counts = socket.counts;
        if (socket.isPending && counts != null) {
            byPending.remove(counts);
            counts.removePending(socket);
            if (counts.hasPending()) {
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
