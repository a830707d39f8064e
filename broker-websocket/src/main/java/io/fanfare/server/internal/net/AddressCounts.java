package io.fanfare.server.internal.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Counts the sockets of one IPv4 address, or of one IPv6 network of 64 bits, which is what a provider gives to one
 * customer. Guarded by the lock of {@link Admission}.
 */
final class AddressCounts implements Comparable<AddressCounts> {

    private static final int NETWORK_BYTES = 8;

    private final InetAddress address;
    private final long number;

    /** Sockets whose client is not CONNECTED yet, the oldest first. */
    private Set<AcceptedSocket> pending = Collections.emptySet();

    int connections;

    /**
     * Counts for an address.
     *
     * @param address as {@link #countedAs} returns it
     * @param number larger than that of all counts before
     */
    AddressCounts(InetAddress address, long number) {
        this.address = address;
        this.number = number;
    }

    /** The address under which a client is counted. */
    static InetAddress countedAs(InetAddress client) {
        if (!(client instanceof Inet6Address)) {
            return client;
        }
        byte[] network = client.getAddress();
        Arrays.fill(network, NETWORK_BYTES, network.length, (byte) 0);
        try {
            return InetAddress.getByAddress(network);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    InetAddress address() {
        return address;
    }

    void addPending(AcceptedSocket socket) {
        if (pending.isEmpty()) {
            pending = new LinkedHashSet<>(2);
        }
        pending.add(socket);
    }

    void removePending(AcceptedSocket socket) {
        pending.remove(socket);
        if (pending.isEmpty()) {
            // most addresses have none for as long as their clients are connected
            pending = Collections.emptySet();
        }
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    AcceptedSocket oldestPending() {
        return pending.iterator().next();
    }

    boolean isUnused() {
        return connections == 0 && pending.isEmpty();
    }

    /** The fewest pending sockets first; among equals, the address that came last. */
    @Override
    public int compareTo(AddressCounts other) {
        int byPending = Integer.compare(pending.size(), other.pending.size());
        return byPending != 0 ? byPending : Long.compare(other.number, number);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    @Override
    public String toString() {
        return address.getHostAddress();
    }
}
