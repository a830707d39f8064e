package io.fanfare.server;

import io.fanfare.server.internal.net.IpLiteral;
import java.net.InetAddress;

/**
 * IP addresses that begin alike, such as {@code 10.0.0.0/8}, {@code fd00::/8} or the one address {@code 192.0.2.1}.
 *
 * @param first address of the range
 * @param bits that all of them have in common
 */
public record AddressRange(InetAddress first, int bits) {

    public AddressRange {
        int length = first.getAddress().length * Byte.SIZE;
        if (bits < 0 || bits > length) {
            throw new IllegalArgumentException("an address has 0 to " + length + " bits, not " + bits);
        }
    }

    /**
     * Reads an address, alone or with a slash and a number of bits.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        InetAddress first = address(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new AddressRange(first, first.getAddress().length * Byte.SIZE);
        }
        try {
            return new AddressRange(first, Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("behind the slash stands a number of bits, not as in " + text, e);
        }
    }

    /**
     * Reads an address as digits have it; no name is looked up.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static InetAddress address(String text) {
        return IpLiteral.parse(text);
    }

    public boolean contains(InetAddress address) {
        byte[] ours = first.getAddress();
        byte[] others = address.getAddress();
        if (ours.length != others.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((ours[bit >> 3] ^ others[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
