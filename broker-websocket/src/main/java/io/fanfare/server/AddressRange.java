package io.fanfare.server;

import io.fanfare.server.internal.net.IpLiteral;
import java.net.InetAddress;

/**
 * A range of IP addresses with a common prefix (CIDR), such as {@code 10.0.0.0/8}, {@code fd00::/8} or the single address
 * {@code 192.0.2.1}.
 *
 * @param first an address of the range
 * @param bits length of the prefix
 */
public record AddressRange(InetAddress first, int bits) {

    public AddressRange {
        int length = first.getAddress().length * Byte.SIZE;
        if (bits < 0 || bits > length) {
            throw new IllegalArgumentException("the prefix of this address has 0 to " + length + " bits, not " + bits);
        }
    }

    /**
     * Parses an address, alone or with a slash and the prefix's length.
     *
     * @throws IllegalArgumentException when the text is neither
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
            throw new IllegalArgumentException("a number of bits must follow the slash, not as in " + text, e);
        }
    }

    /**
     * Parses an address; no name is looked up.
     *
     * @throws IllegalArgumentException when the text is no address
     */
    public static InetAddress address(String text) {
        return IpLiteral.parse(text);
    }

    /** Whether the address is in the range; an IPv4 address never is in a range of IPv6. */
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

    /** The form that {@link #parse} takes. */
    @Override
    public String toString() {
        return first.getHostAddress() + "/" + bits;
    }
}
