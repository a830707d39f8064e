package io.fanfare.server.internal.http;

import io.fanfare.server.internal.net.IpLiteral;
import org.jspecify.annotations.Nullable;

/**
 * The names under which a browser may know the admin listener. A page whose own name has been made to point to this machine
 * (DNS rebinding) is of the same origin as the listener, as far as its browser can tell, but its requests say that name.
 */
final class OwnNames {

    private final String host;
    private final boolean all;

    /**
     * The names of one listener.
     *
     * @param host that it binds to
     * @param all whether requests may name any host
     */
    OwnNames(String host, boolean all) {
        this.host = withoutBrackets(host);
        this.all = all;
    }

    /**
     * Whether a request is meant for us.
     *
     * @param header its {@code Host}; null: it has none, which no browser does
     */
    boolean include(@Nullable String header) {
        if (all || header == null) {
            return true;
        }
        String name = withoutBrackets(withoutPort(header.strip()));
        return name.equalsIgnoreCase(host) || name.equalsIgnoreCase("localhost") || isLoopback(name);
    }

    private static String withoutPort(String header) {
        int colon = header.lastIndexOf(':');
        return colon > header.lastIndexOf(']') ? header.substring(0, colon) : header;
    }

    private static String withoutBrackets(String name) {
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    /** No name is looked up: whoever attacks says where it leads. */
    private static boolean isLoopback(String name) {
        try {
            return IpLiteral.parse(name).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
