package io.fanfare.security;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host names as they stand in {@code Host} and {@code Origin}. Takes those with underscores too, such as Docker Compose
 * makes: DNS and browsers do, {@link java.net.URI} does not.
 */
public final class HostName {

    /** RFC 3986 3.2.2 without escapes and user names, which browsers send in neither header; the port may be empty. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(?<host>[a-zA-Z0-9._~-]+|\\[[0-9a-fA-F:.]+\\])(:[0-9]{0,5})?");

    private static final Pattern ORIGIN = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://(?<authority>[^/?#]*)([/?#].*)?");

    private HostName() {}

    /** The host of a {@code Host} header, in lower case, an IPv6 address in brackets; empty when there is none in it. */
    public static Optional<String> ofAuthority(String authority) {
        Matcher parts = AUTHORITY.matcher(authority);
        return parts.matches() ? Optional.of(parts.group("host").toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** The host of an {@code Origin}, in the same form; empty for {@code null} and others without a host. */
    public static Optional<String> ofOrigin(String origin) {
        Matcher parts = ORIGIN.matcher(origin);
        return parts.matches() ? ofAuthority(parts.group("authority")) : Optional.empty();
    }
}
