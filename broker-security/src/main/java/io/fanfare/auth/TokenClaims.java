package io.fanfare.auth;

import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Claims of a token whose signature is right; checks whether the token counts here and now (RFC 7519 4.1). */
final class TokenClaims {

    /** The end of the year 9999: a later time is a mistake. */
    private static final double MAX_SECONDS = 253_402_300_799.0;

    private final Map<String, Object> claims;

    TokenClaims(Map<String, Object> claims) {
        this.claims = claims;
    }

    /**
     * Makes the principal.
     *
     * @throws AuthenticationException when the token has expired, is for another audience, or the like
     */
    Principal principal(JwtOptions options, InstantSource clock) {
        Instant now = clock.instant();
        Instant expires = expires(options, now);
        Instant notBefore = time("nbf");
        if (notBefore != null && now.plus(options.clockSkew()).isBefore(notBefore)) {
            throw new AuthenticationException("token not valid for another "
                    + Duration.between(now, notBefore).toSeconds() + " s");
        }
        if (options.issuer() != null && !options.issuer().equals(claims.get("iss"))) {
            throw new AuthenticationException("token of another issuer");
        }
        if (options.audience() != null && !strings(claims.get("aud"), null).contains(options.audience())) {
            throw new AuthenticationException("token for another audience");
        }
        if (!(find(options.nameClaim()) instanceof String name) || name.isBlank()) {
            throw new AuthenticationException("token without a name in its claim " + options.nameClaim());
        }
        return new Principal(name, roles(options.rolesClaim()), simple(), expires);
    }

    private @Nullable Instant expires(JwtOptions options, Instant now) {
        Instant expires = time("exp");
        if (expires == null) {
            if (options.expiryRequired()) {
                throw new AuthenticationException("token without exp");
            }
            return null;
        }
        if (now.isBefore(expires)) {
            return expires;
        }
        // a session that begins only thanks to the skew of clocks lasts no longer than the skew
        Instant grace = expires.plus(options.clockSkew());
        if (!now.isBefore(grace)) {
            throw new AuthenticationException(
                    "token expired " + Duration.between(expires, now).toSeconds() + " s ago");
        }
        return grace;
    }

    /** Reads a NumericDate, with or without a fraction (RFC 7519 2); null when the claim is missing. */
    private @Nullable Instant time(String claim) {
        if (!claims.containsKey(claim)) {
            return null;
        }
        if (claims.get(claim) instanceof Number number) {
            double seconds = number.doubleValue();
            if (seconds >= 0 && seconds <= MAX_SECONDS) {
                return Instant.ofEpochMilli((long) (seconds * 1000));
            }
        }
        throw new AuthenticationException("token whose " + claim + " is no time");
    }

    private Set<String> roles(String claim) {
        Set<String> roles = new HashSet<>();
        for (String role : strings(find(claim), "[ ,]+")) {
            if (!role.isBlank()) {
                roles.add(role);
            }
        }
        return roles;
    }

    /** The strings of a list; or a string alone, split at a separator if there is one. */
    private static List<String> strings(@Nullable Object value, @Nullable String separator) {
        if (value instanceof String alone) {
            return separator == null ? List.of(alone) : List.of(alone.split(separator));
        }
        if (value instanceof List<?> list) {
            return list.stream()
                    .flatMap(each -> each instanceof String text ? Stream.of(text) : Stream.empty())
                    .toList();
        }
        return List.of();
    }

    /** Finds a claim by its name, which may hold dots ({@code https://example.com/roles}), else by a path of names. */
    private @Nullable Object find(String path) {
        if (claims.containsKey(path)) {
            return claims.get(path);
        }
        Object found = claims;
        for (String name : path.split("\\.")) {
            found = found instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return found;
    }

    /** The claims that authorizers see: strings, numbers, booleans, and lists of them. */
    private Map<String, Object> simple() {
        Map<String, Object> simple = new HashMap<>();
        claims.forEach((name, value) -> {
            if (isSimple(value)) {
                simple.put(name, value);
            } else if (value instanceof List<?> list) {
                List<Object> members = new ArrayList<>(list);
                members.removeIf(each -> !isSimple(each));
                simple.put(name, List.copyOf(members));
            }
        });
        return simple;
    }

    private static boolean isSimple(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }
}
