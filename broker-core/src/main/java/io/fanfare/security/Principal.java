package io.fanfare.security;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * User that a connection acts for.
 *
 * @param name of the user; empty: an anonymous client
 * @param roles of the user, as the authenticator says
 * @param claims of the token it came with: strings, numbers, booleans, and lists of them
 * @param expires when all this ends; null: with the connection
 */
public record Principal(
        String name,
        Set<String> roles,
        Map<String, Object> claims,
        @Nullable Instant expires) {

    /** An anonymous client, for as long as its connection lasts. */
    static final Principal ANONYMOUS = Principal.of("");

    public Principal {
        roles = Set.copyOf(roles);
        claims = Map.copyOf(claims);
    }

    /** A user of this name, without roles, for as long as the connection lasts. */
    public static Principal of(String name) {
        return new Principal(name, Set.of(), Map.of(), null);
    }
}
