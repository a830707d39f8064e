package io.fanfare.nats.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Credentials and TLS between a node and the NATS servers. Files are PEM, but for the credentials.
 *
 * @param credentials a file as {@code nsc} writes it, with a JWT and its seed; null: none, or a user in the servers' URLs
 * @param authorities certificates that the servers' must lead to, or be; null: the JVM's authorities
 * @param certificate the node's own, and behind it the ones that lead to an authority; null: none
 * @param key the private key of the node's certificate, without a passphrase
 * @param allowInsecure whether servers elsewhere than on loopback may do without TLS or without a login
 */
public record NatsAccess(
        @Nullable Path credentials,
        @Nullable Path authorities,
        @Nullable Path certificate,
        @Nullable Path key,
        boolean allowInsecure) {

    /** No login and no TLS; that suffices on loopback. */
    public static final NatsAccess OPEN = new NatsAccess(null, null, null, null, false);

    /** The same with another credentials file. */
    public NatsAccess withCredentials(@Nullable Path file) {
        return new NatsAccess(file, authorities, certificate, key, allowInsecure);
    }

    /** The same with other authorities; a node that has them connects with TLS, whatever the scheme of a server's URL. */
    public NatsAccess withAuthorities(@Nullable Path file) {
        return new NatsAccess(credentials, file, certificate, key, allowInsecure);
    }

    /** The same with another certificate of the node's own and its key; with one the node connects with TLS. */
    public NatsAccess withCertificate(@Nullable Path chain, @Nullable Path privateKey) {
        return new NatsAccess(credentials, authorities, chain, privateKey, allowInsecure);
    }

    /** The same; with true, servers elsewhere than on loopback may do without TLS or without a login. */
    public NatsAccess withAllowInsecure(boolean allowed) {
        return new NatsAccess(credentials, authorities, certificate, key, allowed);
    }

    /** Whether files ask for TLS. */
    boolean hasTlsFiles() {
        return authorities != null || certificate != null;
    }

    /** Whether files hold a login. */
    boolean hasLoginFiles() {
        return credentials != null || certificate != null;
    }
}
