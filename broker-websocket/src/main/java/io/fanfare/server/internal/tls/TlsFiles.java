package io.fanfare.server.internal.tls;

import io.fanfare.files.BoundedFile;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.KeyStores;
import io.fanfare.files.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The contents of the files that {@link TlsPaths} name, as read at one time. */
final class TlsFiles {

    private static final Logger LOG = LoggerFactory.getLogger(TlsFiles.class);

    /** For how long, in seconds, a client may go on with a session: its certificate is not looked at again meanwhile. */
    private static final int SESSION_SECONDS = 3600;

    /** Sessions of clients that do not keep their own in a ticket. */
    private static final int MAX_SESSIONS = 4096;

    /** Bundles of authorities have a quarter of a MiB. */
    private static final int MAX_BYTES = 16 << 20;

    private static final char[] NO_PASSWORD = {};

    private final TlsPaths options;
    private final Path certificatesFile;
    private final Path keyFile;
    private final String certificates;
    private final String key;
    private final @Nullable String authorities;

    /**
     * Keeps contents as texts.
     *
     * @param contents of {@link #of}, in their order
     */
    TlsFiles(TlsPaths options, List<byte[]> contents) {
        this.options = options;
        this.certificatesFile = Objects.requireNonNull(options.certificates());
        this.keyFile = Objects.requireNonNull(options.key());
        this.certificates = text(contents.get(0));
        this.key = text(contents.get(1));
        this.authorities = contents.size() > 2 ? text(contents.get(2)) : null;
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    /** The files to read: certificates, key, and the clients' authorities if there are any. */
    static List<BoundedFile> of(TlsPaths options) {
        return Stream.of(options.certificates(), options.key(), options.clientAuthorities())
                .filter(Objects::nonNull)
                .map(path -> new BoundedFile(path, MAX_BYTES, Secrecy.PUBLIC))
                .toList();
    }

    /**
     * A context with these certificates. Its sessions are its own: what an earlier context granted counts no more.
     *
     * @throws IOException when the contents are no good; its message says which file and why
     */
    SSLContext context() throws IOException {
        List<X509Certificate> chain = certificates(certificatesFile, certificates);
        PrivateKey privateKey = privateKey(chain.get(0).getPublicKey());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(chain, privateKey), trustManagers(), null);
            SSLSessionContext sessions = context.getServerSessionContext();
            sessions.setSessionCacheSize(MAX_SESSIONS);
            sessions.setSessionTimeout(SESSION_SECONDS);
            report(chain.get(0));
            return context;
        } catch (GeneralSecurityException e) {
            throw unusable(certificatesFile, e);
        }
    }

    private PrivateKey privateKey(PublicKey publicKey) throws IOException {
        try {
            PrivateKey privateKey = Pem.privateKey(key, publicKey);
            if (!belongTogether(privateKey, publicKey)) {
                throw new GeneralSecurityException("it is not the key of the first certificate in " + certificatesFile);
            }
            return privateKey;
        } catch (GeneralSecurityException e) {
            throw unusable(keyFile, e);
        }
    }

    private static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) throws GeneralSecurityException {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        Signature signature = Signature.getInstance(algorithm);
        // not of nothing: Java's EdDSA finds its own signature of nothing wrong
        byte[] anything = {1};
        signature.initSign(privateKey);
        signature.update(anything);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(anything);
        return signature.verify(signed);
    }

    private static KeyManager[] keyManagers(List<X509Certificate> chain, PrivateKey privateKey)
            throws GeneralSecurityException, IOException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStores.of(chain, privateKey), NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** Without authorities no certificate of a client is trusted; the JVM's own authorities do not count. */
    private TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        Path path = options.clientAuthorities();
        if (path == null || authorities == null) {
            return new TrustManager[0];
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStores.of(certificates(path, authorities)));
        return factory.getTrustManagers();
    }

    private static List<X509Certificate> certificates(Path path, String text) throws IOException {
        try {
            return Pem.certificates(text);
        } catch (GeneralSecurityException e) {
            throw unusable(path, e);
        }
    }

    private static IOException unusable(Path path, GeneralSecurityException why) {
        return new IOException("cannot use " + path + " for TLS: " + why.getMessage(), why);
    }

    private void report(X509Certificate certificate) {
        Instant until = certificate.getNotAfter().toInstant();
        if (until.isBefore(Instant.now())) {
            LOG.warn("tls certificate={} not-after={} has expired", certificatesFile, until);
        } else {
            LOG.info("tls certificate={} not-after={}", certificatesFile, until);
        }
    }
}
