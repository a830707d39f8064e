package io.fanfare.auth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link JwtAuthenticator}: what a token must say.
 *
 * @param keys source of the keys that signatures are checked with
 * @param issuer required value of {@code iss}; null: any
 * @param audience value that {@code aud} must be or contain; null: any
 * @param clockSkew tolerated difference of clocks when {@code exp} and {@code nbf} are compared with the time; 0 or more
 * @param expiryRequired whether a token without {@code exp} is refused
 * @param nameClaim the claim that is the user's name
 * @param rolesClaim the claim that lists the user's roles: strings, or one string with blanks or commas between; dots
 *     lead into objects, as in {@code realm_access.roles}
 * @param cookie the cookie of the handshake that may hold a token; null: none
 */
public record JwtOptions(
        KeySource keys,
        @Nullable String issuer,
        @Nullable String audience,
        Duration clockSkew,
        boolean expiryRequired,
        String nameClaim,
        String rolesClaim,
        @Nullable String cookie) {

    public JwtOptions {
        if (clockSkew.isNegative()) {
            throw new IllegalArgumentException("clockSkew must be 0 or more");
        }
    }

    /** The defaults: 30 s of skew, {@code exp} required, claims {@code sub} and {@code roles}, no cookie. */
    public static JwtOptions of(KeySource keys) {
        return new JwtOptions(keys, null, null, Duration.ofSeconds(30), true, "sub", "roles", null);
    }

    public JwtOptions withIssuer(String required) {
        return new JwtOptions(keys, required, audience, clockSkew, expiryRequired, nameClaim, rolesClaim, cookie);
    }

    public JwtOptions withAudience(String required) {
        return new JwtOptions(keys, issuer, required, clockSkew, expiryRequired, nameClaim, rolesClaim, cookie);
    }

    public JwtOptions withClockSkew(Duration skew) {
        return new JwtOptions(keys, issuer, audience, skew, expiryRequired, nameClaim, rolesClaim, cookie);
    }

    /** Accepts tokens without {@code exp} too; their sessions last as long as the connection. */
    public JwtOptions withoutExpiry() {
        return new JwtOptions(keys, issuer, audience, clockSkew, false, nameClaim, rolesClaim, cookie);
    }

    public JwtOptions withNameClaim(String claim) {
        return new JwtOptions(keys, issuer, audience, clockSkew, expiryRequired, claim, rolesClaim, cookie);
    }

    public JwtOptions withRolesClaim(String claim) {
        return new JwtOptions(keys, issuer, audience, clockSkew, expiryRequired, nameClaim, claim, cookie);
    }

    public JwtOptions withCookie(String name) {
        return new JwtOptions(keys, issuer, audience, clockSkew, expiryRequired, nameClaim, rolesClaim, name);
    }
}
