package io.fanfare.nats.internal.connect;

import io.fanfare.files.BoundedFile;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.KeyStores;
import io.fanfare.files.Pem;
import io.fanfare.nats.options.NatsAccess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes the TLS context of the connections to NATS. */
final class NatsTls {

    /** Bundles of authorities have a quarter of a MiB. */
    private static final int MAX_BYTES = 16 << 20;

    private NatsTls() {}

    /**
     * Reads the files.
     *
     * @throws IOException when one can't be read or used; its message says which and why
     */
    static SSLContext context(NatsAccess access) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers(access), trustManagers(access.authorities()), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS to NATS: " + e.getMessage(), e);
        }
    }

    private static KeyManager @Nullable [] keyManagers(NatsAccess access) throws IOException, GeneralSecurityException {
        Path certificate = access.certificate();
        Path key = access.key();
        if (certificate == null || key == null) {
            return null;
        }
        List<X509Certificate> chain = certificates(certificate);
        try {
            PrivateKey own =
                    Pem.privateKey(text(key, Secrecy.SECRET), chain.get(0).getPublicKey());
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(KeyStores.of(chain, own), new char[0]);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw unusable(key, e);
        }
    }

    private static TrustManager @Nullable [] trustManagers(@Nullable Path authorities)
            throws IOException, GeneralSecurityException {
        if (authorities == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStores.of(certificates(authorities)));
        return factory.getTrustManagers();
    }

    private static List<X509Certificate> certificates(Path path) throws IOException {
        try {
            return Pem.certificates(text(path, Secrecy.PUBLIC));
        } catch (GeneralSecurityException e) {
            throw unusable(path, e);
        }
    }

    private static String text(Path path, Secrecy secrecy) throws IOException {
        return new String(new BoundedFile(path, MAX_BYTES, secrecy).read(), StandardCharsets.ISO_8859_1);
    }

    private static IOException unusable(Path path, GeneralSecurityException why) {
        return new IOException("cannot use " + path + " for TLS to NATS: " + why.getMessage(), why);
    }
}
