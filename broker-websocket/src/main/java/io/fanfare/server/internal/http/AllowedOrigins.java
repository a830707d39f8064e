package io.fanfare.server.internal.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The {@code Origin} values that the admin listener answers to: its own, by which its own pages come. */
final class AllowedOrigins {

    private final String scheme;

    /**
     * The origins of one listener.
     *
     * @param scheme {@code http} or {@code https}
     */
    AllowedOrigins(String scheme) {
        this.scheme = scheme;
    }

    /**
     * Whether a request is answered.
     *
     * @param origin its {@code Origin}; null: it comes from no page of another origin that wants to send something
     * @param host its {@code Host}; null: none
     */
    boolean allow(@Nullable String origin, @Nullable String host) {
        if (origin == null) {
            return true;
        }
        // RFC 6454 6.2: a browser leaves the scheme's own port out of both
        return host != null
                && origin.strip()
                        .toLowerCase(Locale.ROOT)
                        .equals(scheme + "://" + host.strip().toLowerCase(Locale.ROOT));
    }
}
