package io.fanfare.server;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows its clients, and what it wants to see of them. Files are PEM. They are looked at again, every few
 * seconds at most, when connections come: new contents count for new connections, and stay away from those that stand.
 *
 * @param certificates the server's certificate, and behind it the ones that lead to an authority
 * @param key the certificate's private key, without a passphrase: PKCS #8, or the older forms of RSA and EC keys
 * @param clientAuthorities certificates that clients' certificates must lead to, or be; null without client certificates
 * @param clientAuth whether clients must show a certificate
 * @param protocols {@code TLSv1.3}, {@code TLSv1.2} or both
 */
public record TlsOptions(
        Path certificates, Path key, @Nullable Path clientAuthorities, ClientAuth clientAuth, List<String> protocols) {

    /** Whether clients have certificates. */
    public enum ClientAuth {
        /** They are not asked. */
        NONE,
        /** They may show one; one that is no good is refused all the same. */
        WANT,
        NEED
    }

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    public TlsOptions {
        protocols = List.copyOf(protocols);
        if (protocols.isEmpty() || !Set.copyOf(PROTOCOLS).containsAll(protocols)) {
            throw new IllegalArgumentException("TLS protocols must be of " + PROTOCOLS + ", not " + protocols);
        }
        if ((clientAuth == ClientAuth.NONE) != (clientAuthorities == null)) {
            throw new IllegalArgumentException("clientAuth " + clientAuth
                    + (clientAuthorities == null ? " needs" : " has no use for") + " clientAuthorities");
        }
    }

    /** TLS 1.3 and 1.2, without client certificates. */
    public static TlsOptions of(Path certificates, Path key) {
        return new TlsOptions(certificates, key, null, ClientAuth.NONE, PROTOCOLS);
    }

    public TlsOptions withClients(Path authorities, ClientAuth auth) {
        return new TlsOptions(certificates, key, authorities, auth, protocols);
    }

    public TlsOptions withProtocols(String... names) {
        return new TlsOptions(certificates, key, clientAuthorities, clientAuth, List.of(names));
    }
}
