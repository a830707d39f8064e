package io.fanfare.server.internal.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Names the PEM files of a TLS listener.
 *
 * @param certificates the server's certificate, and behind it the ones that lead to an authority
 * @param key the certificate's private key, without a passphrase
 * @param clientAuthorities certificates that clients' certificates must lead to, or be; null without client certificates
 */
public record TlsPaths(
        Path certificates, Path key, @Nullable Path clientAuthorities) {}
