package io.fanfare.auth;

import java.net.URI;
import java.nio.file.Path;

/** Source of the keys that tokens are checked with. Files are read again within a second after a change. */
public sealed interface KeySource {

    /**
     * A secret shared with the issuer, for HS256 (32 bytes or more), HS384 (48), HS512 (64).
     *
     * @param file holds the secret; the line end behind a text is not part of it. A file that every user of the machine may
     *     read or write is refused
     */
    record SecretFile(Path file) implements KeySource {}

    /**
     * Public keys for RS256 to RS512, PS256 to PS512, ES256 to ES512.
     *
     * @param file PEM: {@code PUBLIC KEY} or {@code CERTIFICATE}, one or several
     */
    record PublicKeyFile(Path file) implements KeySource {}

    /**
     * Public keys as a JWK set (RFC 7517).
     *
     * @param file JSON
     */
    record JwksFile(Path file) implements KeySource {}

    /**
     * Public keys as a JWK set (RFC 7517) that an HTTP server publishes. The set is fetched every five minutes, and when a
     * token names a key that is not in it, but at most every ten seconds. When fetching fails, the keys fetched before count.
     *
     * @param uri {@code https}; {@code http} only on this machine
     */
    record JwksUrl(URI uri) implements KeySource {}
}
