package io.fanfare.security;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The web pages that may connect, by the {@code Origin} that browsers send (RFC 6455 10.2). Programs that are not browsers
 * send none and may connect.
 *
 * @param allowed origins such as {@code https://app.example.com}, {@code *} for all, {@code same-origin} for pages from the
 *     host that the connection goes to, on any port
 */
public record OriginPolicy(List<String> allowed) {

    /** Pages from the same host; all names of the loopback interface count as one host. */
    public static final OriginPolicy SAME_ORIGIN = new OriginPolicy(List.of("same-origin"));

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public OriginPolicy {
        allowed = List.copyOf(allowed);
    }

    /**
     * Whether a page may connect.
     *
     * @param origin the request's {@code Origin}, null when it has none
     * @param host the request's {@code Host}
     */
    public boolean allows(@Nullable String origin, @Nullable String host) {
        if (origin == null || allowed.contains("*")) {
            return true;
        }
        for (String entry : allowed) {
            if (entry.equals("same-origin") ? isSameHost(origin, host) : entry.equalsIgnoreCase(origin)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSameHost(String origin, @Nullable String host) {
        Optional<String> from = HostName.ofOrigin(origin);
        Optional<String> to = host == null ? Optional.empty() : HostName.ofAuthority(host);
        if (from.isEmpty() || to.isEmpty()) {
            return false;
        }
        return from.equals(to) || (LOOPBACK.contains(from.get()) && LOOPBACK.contains(to.get()));
    }
}
