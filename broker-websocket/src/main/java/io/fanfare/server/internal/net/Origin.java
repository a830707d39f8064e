package io.fanfare.server.internal.net;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** What has come from one address: of IPv6, from one network of 64 bits, which is what one customer gets. */
final class Origin implements Comparable<Origin> {

    private static final int NETWORK_BYTES = 8;

    private final InetAddress address;
    private final long number;

    /** The oldest first. */
    final Set<Arrival> pending = new LinkedHashSet<>(2);

    int connections;

    Origin(InetAddress address, long number) {
        this.address = address;
        this.number = number;
    }

    /** The address under which others like it are counted, too. */
    static InetAddress of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] network = address.getAddress();
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

    boolean isGone() {
        return connections == 0 && pending.isEmpty();
    }

    /** Who has fewest pending comes first; among equals, who came last. */
    @Override
    public int compareTo(Origin other) {
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
