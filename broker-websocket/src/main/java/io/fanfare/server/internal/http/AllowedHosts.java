package io.fanfare.server.internal.http;

import io.fanfare.security.HostName;
import io.fanfare.server.internal.net.IpLiteral;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Host} values that the admin listener answers to, against DNS rebinding: a page whose own name has been made
 * to point to this machine has the listener's origin, as far as its browser can tell, but its requests name that host.
 */
final class AllowedHosts {

    private final String host;
    private final boolean all;

    /**
     * The hosts of one listener.
     *
     * @param host the one it binds to
     * @param all whether requests may name any host
     */
    AllowedHosts(String host, boolean all) {
        this.host = withoutBrackets(host);
        this.all = all;
    }

    /**
     * Whether a request is answered.
     *
     * @param header its {@code Host}; null: it has none, so it comes from no browser
     */
    boolean allow(@Nullable String header) {
        if (all || header == null) {
            return true;
        }
        return HostName.ofAuthority(header.strip())
                .map(AllowedHosts::withoutBrackets)
                .filter(name -> name.equalsIgnoreCase(host) || name.equals("localhost") || isLoopback(name))
                .isPresent();
    }

    /** Whether an {@code Origin} has this scheme and port, and one of these hosts. */
    boolean allowOrigin(String origin, String scheme, int port) {
        String page = origin.strip().toLowerCase(Locale.ROOT);
        String named = scheme + "://" + HostName.ofOrigin(page).orElse("");
        // RFC 6454 6.2: a browser leaves the scheme's own port out
        int standard = scheme.equals("https") ? 443 : 80;
        boolean isHere = page.equals(named + ":" + port) || (port == standard && page.equals(named));
        return isHere && HostName.ofOrigin(page).filter(this::allow).isPresent();
    }

    private static String withoutBrackets(String name) {
        return name.startsWith("[") && name.endsWith("]") ? name.substring(1, name.length() - 1) : name;
    }

    /** No name is looked up: the attacker decides where it leads. */
    private static boolean isLoopback(String name) {
        try {
            return IpLiteral.parse(name).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
