package io.fanfare.auth;

import java.net.URI;
import java.nio.file.Path;

/** Where the keys come from that tokens are checked with. Files are read again when they change. */
public sealed interface KeySource {

    /**
     * A secret that the issuer shares, for HS256 (32 bytes or more), HS384 (48), HS512 (64).
     *
     * @param file holds the secret; the line end behind a text is not part of it. Not to be readable by everybody
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
     * Public keys as a JWK set (RFC 7517) that a server hands out. It is asked every five minutes, and when a token names
     * a key that is not there, but at most every ten seconds; as long as it does not answer properly, the keys it gave
     * before count.
     *
     * @param uri {@code https}; {@code http} only on this machine
     */
    record JwksUrl(URI uri) implements KeySource {}
}
