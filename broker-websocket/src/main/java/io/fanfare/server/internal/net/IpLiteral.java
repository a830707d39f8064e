package io.fanfare.server.internal.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses in their textual form; no name is ever looked up. */
public final class IpLiteral {

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private IpLiteral() {}

    /**
     * Parses an IPv4 or IPv6 address.
     *
     * @throws IllegalArgumentException when the text is neither
     */
    public static InetAddress parse(String text) {
        if (IPV4.matcher(text).matches() || IPV6.matcher(text).matches()) {
            try {
                return InetAddress.getByName(text);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("not an IP address: " + text, e);
            }
        }
        throw new IllegalArgumentException("not an IP address: " + text);
    }

    /** A host as it stands in a URI: an address with colons in brackets (RFC 3986 3.2.2). */
    public static String inUri(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }
}
