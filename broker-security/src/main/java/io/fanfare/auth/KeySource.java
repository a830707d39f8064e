package io.fanfare.auth;

import io.fanfare.files.BoundedFile;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.UnreadableFileException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;

/** Source of the keys that tokens are checked with. Files are read again within a second after a change. */
public sealed interface KeySource {

    /**
     * A secret shared with the issuer, for HS256 (32 bytes or more), HS384 (48), HS512 (64).
     *
     * @param file holds the secret; the line end behind a text is not part of it. A file that every user of the machine may
     *     read or write is refused
     */
    record SecretFile(Path file) implements KeySource {

        private static final int MAX_BYTES = 64 << 10;

        /**
         * Reads the secret, such as to sign tokens for a test.
         *
         * @throws IllegalArgumentException when the file can't be read or is open to all users; the message names it
         */
        public byte[] read() {
            try {
                return secret(new BoundedFile(file, MAX_BYTES, Secrecy.SECRET).read());
            } catch (UnreadableFileException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        /** Cuts the line end that editors put behind a text; random bytes stay as they are. */
        static byte[] secret(byte[] content) {
            int end = content.length;
            for (byte b : content) {
                boolean isText = (b >= ' ' && b < 0x7F) || b == '\n' || b == '\r';
                if (!isText) {
                    return content;
                }
            }
            while (end > 0 && (content[end - 1] == '\n' || content[end - 1] == '\r')) {
                end--;
            }
            return Arrays.copyOf(content, end);
        }
    }

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
