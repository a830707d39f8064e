package io.fanfare.server.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** IP addresses in their textual form; no name is ever looked up. */
public final class IpLiteral {

    private IpLiteral() {}

    /**
     * Parses an IPv4 or IPv6 address.
     *
     * @throws IllegalArgumentException when the text is neither
     */
    public static InetAddress parse(String text) {
        if (isIpv4(text) || mayBeIpv6(text)) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not an IP address: " + text, e);
            }
        }
        throw new IllegalArgumentException("not an IP address: " + text);
    }

    private static boolean isIpv4(String text) {
        int parts = 0;
        int begin = 0;
        while (begin >= 0 && parts < 5) {
            int dot = text.indexOf('.', begin);
            if (!isOctet(dot < 0 ? text.substring(begin) : text.substring(begin, dot))) {
                return false;
            }
            parts++;
            begin = dot < 0 ? -1 : dot + 1;
        }
        return parts == 4;
    }

    /** A number from 0 to 255, in decimal and without zeros in front of it. */
    private static boolean isOctet(String text) {
        return !text.isEmpty()
                && text.length() <= 3
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9')
                && (text.length() == 1 || text.charAt(0) != '0')
                && Integer.parseInt(text) <= 255;
    }

    /** What has these characters alone is never taken for a name. */
    private static boolean mayBeIpv6(String text) {
        return text.indexOf(':') >= 0 && text.chars().allMatch(IpLiteral::isOfIpv6);
    }

    private static boolean isOfIpv6(int each) {
        boolean isHex = each < 128 && Character.digit(each, 16) >= 0;
        return isHex || each == ':' || each == '.';
    }

    /** A host as it stands in a URI: an address with colons in brackets (RFC 3986 3.2.2). */
    public static String inUri(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
