package io.fanfare.server;

import io.fanfare.server.internal.tls.TlsPaths;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * What a server shows its clients, and what it wants to see of them. Files are PEM. They are looked at again, every few
 * seconds at most, when connections come: new contents count for new connections, and stay away from those that stand.
 *
 * @param certificates the server's certificate, and behind it the ones that lead to an authority; null: no TLS
 * @param key the certificate's private key, without a passphrase: PKCS #8, or the older forms of RSA and EC keys
 * @param clientAuthorities certificates that clients' certificates must lead to, or be; null without client certificates
 * @param clientAuth whether clients must show a certificate
 * @param protocols {@code TLSv1.3}, {@code TLSv1.2} or both
 */
public record TlsOptions(
        @Nullable Path certificates,
        @Nullable Path key,
        @Nullable Path clientAuthorities,
        ClientAuth clientAuth,
        List<String> protocols) {

    /** Whether clients have certificates. */
    public enum ClientAuth {
        /** They are not asked. */
        NONE,
        /** They may show one; one that is no good is refused all the same. */
        WANT,
        NEED
    }

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** No TLS; TLS 1.3 and 1.2, without client certificates, once it has files. */
    public static final TlsOptions OFF = new TlsOptions(null, null, null, ClientAuth.NONE, PROTOCOLS);

    public TlsOptions {
        protocols = List.copyOf(protocols);
        if (protocols.isEmpty() || !Set.copyOf(PROTOCOLS).containsAll(protocols)) {
            throw new IllegalArgumentException("TLS protocols must be of " + PROTOCOLS + ", not " + protocols);
        }
    }

    /** TLS 1.3 and 1.2, without client certificates. */
    public static TlsOptions of(Path certificates, Path key) {
        return OFF.withCertificates(certificates).withKey(key);
    }

    public TlsOptions withCertificates(@Nullable Path file) {
        return new TlsOptions(file, key, clientAuthorities, clientAuth, protocols);
    }

    public TlsOptions withKey(@Nullable Path file) {
        return new TlsOptions(certificates, file, clientAuthorities, clientAuth, protocols);
    }

    public TlsOptions withClientAuthorities(@Nullable Path file) {
        return new TlsOptions(certificates, key, file, clientAuth, protocols);
    }

    public TlsOptions withClientAuth(ClientAuth auth) {
        return new TlsOptions(certificates, key, clientAuthorities, auth, protocols);
    }

    public TlsOptions withProtocols(List<String> names) {
        return new TlsOptions(certificates, key, clientAuthorities, clientAuth, names);
    }

    public boolean isOn() {
        return certificates != null;
    }

    /**
     * The names of the files.
     *
     * @throws NullPointerException when TLS is off
     */
    TlsPaths paths() {
        return new TlsPaths(Objects.requireNonNull(certificates), Objects.requireNonNull(key), clientAuthorities);
    }

    /** What each connection demands of its client. */
    SSLParameters demands() {
        SSLParameters demands = new SSLParameters();
        demands.setProtocols(protocols.toArray(String[]::new));
        switch (clientAuth) {
            case NONE -> {}
            case WANT -> demands.setWantClientAuth(true);
            case NEED -> demands.setNeedClientAuth(true);
        }
        return demands;
    }

    /** Why a server can't start with this: a sentence, when there is a reason. */
    public Optional<String> refusal() {
        if ((certificates == null) != (key == null)) {
            return Optional.of("TLS needs both a certificate and its key (tls.certificates, tls.key)");
        }
        if ((clientAuthorities == null) != (clientAuth == ClientAuth.NONE)) {
            return Optional.of("clients' certificates need both the authorities that vouch for them and the wish to see"
                    + " them (tls.client_authorities, tls.client_auth)");
        }
        if (certificates == null && clientAuthorities != null) {
            return Optional.of("clients' certificates need TLS (tls.certificates, tls.key)");
        }
        return Optional.empty();
    }
}
