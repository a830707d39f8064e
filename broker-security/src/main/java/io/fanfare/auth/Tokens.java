package io.fanfare.auth;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Credentials;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the token of a client: in CONNECT's {@code passcode}, in CONNECT's {@code Authorization}, in the handshake's, in a
 * cookie; the first counts. A passcode that is no token is a password: it hides tokens of the handshake, which a browser
 * adds by itself.
 */
final class Tokens {

    /** RFC 7515 3.1: three parts in base64url; the signature of {@code none} is empty. */
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]*");

    private static final String BEARER = "Bearer ";

    private final @Nullable String cookie;

    Tokens(@Nullable String cookie) {
        this.cookie = cookie;
    }

    /** Tells whether there is a token, or several that contradict each other. */
    boolean isThere(Credentials credentials) {
        try {
            return find(credentials) != null;
        } catch (AuthenticationException e) {
            return true;
        }
    }

    /**
     * Finds the token, without a look into it; null: there is none.
     *
     * @throws AuthenticationException when two cookies hold different tokens
     */
    @Nullable
    String find(Credentials credentials) {
        String passcode = credentials.passcode();
        if (passcode != null && COMPACT.matcher(passcode).matches()) {
            return passcode;
        }
        String token = bearer(credentials.authorization());
        if (token != null) {
            return token;
        }
        if (passcode != null && !passcode.isEmpty()) {
            return null;
        }
        Map<String, String> headers = credentials.handshake().headers();
        token = bearer(headers.get("authorization"));
        return token != null ? token : cookie(headers.get("cookie"));
    }

    /** RFC 6750 2.1, RFC 9110 11.1: the scheme is compared without regard to case. */
    private static @Nullable String bearer(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return null;
        }
        return authorization.substring(BEARER.length()).strip();
    }

    /** RFC 6265 4.2.1: pairs of name and value, separated by semicolons. */
    private @Nullable String cookie(@Nullable String header) {
        String found = null;
        if (cookie == null || header == null) {
            return null;
        }
        for (String pair : header.split(";")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(cookie)) {
                String value = unquoted(pair.substring(equals + 1).strip());
                if (found != null && !found.equals(value)) {
                    // another host of the same domain may have set one of them
                    throw new AuthenticationException("several cookies of the name that holds the token");
                }
                found = value;
            }
        }
        return found == null || found.isEmpty() ? null : found;
    }

    private static String unquoted(String value) {
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
