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
 * TLS of the ports of clients. Files are PEM. While connections come, the files are read again every few seconds: new
 * contents count for new connections, established ones stay.
 *
 * @param certificates the server's certificate, and behind it the ones that lead to an authority; null: no TLS
 * @param key the certificate's private key, without a passphrase: PKCS #8, or the older forms of RSA and EC keys
 * @param clientAuthorities certificates that clients' certificates must lead to, or be; null without client certificates
 * @param clientAuth whether clients show a certificate
 * @param protocols {@code TLSv1.3}, {@code TLSv1.2} or both
 * @param tcp whether the port of STOMP over TCP has TLS, too
 */
public record TlsOptions(
        @Nullable Path certificates,
        @Nullable Path key,
        @Nullable Path clientAuthorities,
        ClientAuth clientAuth,
        List<String> protocols,
        boolean tcp) {

    /** Whether clients show a certificate. */
    public enum ClientAuth {
        /** Clients are not asked for a certificate. */
        NONE,
        /** Clients may show one; a client with an invalid one is refused. */
        WANT,
        /** A client without a valid one is refused. */
        NEED
    }

    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** No TLS; once it has files: TLS 1.3 and 1.2 on both ports, without client certificates. */
    public static final TlsOptions OFF = new TlsOptions(null, null, null, ClientAuth.NONE, PROTOCOLS, true);

    /**
     * Checks the protocols; {@link #refusal} checks what belongs together.
     *
     * @throws IllegalArgumentException when there is none, or an unknown one; the message names the key
     */
    public TlsOptions {
        protocols = List.copyOf(protocols);
        OptionCheck.require(
                !protocols.isEmpty() && Set.copyOf(PROTOCOLS).containsAll(protocols),
                "tls.protocols",
                "of " + PROTOCOLS,
                protocols);
    }

    /** TLS 1.3 and 1.2 on both ports, without client certificates. */
    public static TlsOptions of(Path certificates, Path key) {
        return OFF.withCertificates(certificates).withKey(key);
    }

    /** The same with another certificate; null: no TLS. */
    public TlsOptions withCertificates(@Nullable Path file) {
        return new TlsOptions(file, key, clientAuthorities, clientAuth, protocols, tcp);
    }

    /** The same with another private key, which must belong to the certificate. */
    public TlsOptions withKey(@Nullable Path file) {
        return new TlsOptions(certificates, file, clientAuthorities, clientAuth, protocols, tcp);
    }

    /** The same with other authorities for clients' certificates; they need {@link #withClientAuth}. */
    public TlsOptions withClientAuthorities(@Nullable Path file) {
        return new TlsOptions(certificates, key, file, clientAuth, protocols, tcp);
    }

    /** The same with clients' certificates wanted, needed or not asked for. */
    public TlsOptions withClientAuth(ClientAuth auth) {
        return new TlsOptions(certificates, key, clientAuthorities, auth, protocols, tcp);
    }

    /** The same with other versions of TLS, of {@code TLSv1.3} and {@code TLSv1.2}. */
    public TlsOptions withProtocols(List<String> names) {
        return new TlsOptions(certificates, key, clientAuthorities, clientAuth, names, tcp);
    }

    /** The same with TLS on the port of STOMP over TCP, or with plain text there. */
    public TlsOptions withTcp(boolean on) {
        return new TlsOptions(certificates, key, clientAuthorities, clientAuth, protocols, on);
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

    /** Why a server does not start with these options, in a sentence; empty when it does. */
    public Optional<String> refusal() {
        if ((certificates == null) != (key == null)) {
            return Optional.of("TLS needs both a certificate and its key (tls.certificates, tls.key)");
        }
        if ((clientAuthorities == null) != (clientAuth == ClientAuth.NONE)) {
            return Optional.of("client certificates need both their authorities and the demand for them"
                    + " (tls.client_authorities, tls.client_auth)");
        }
        if (certificates == null && clientAuthorities != null) {
            return Optional.of("client certificates need TLS (tls.certificates, tls.key)");
        }
        return Optional.empty();
    }
}
