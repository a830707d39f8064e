package io.fanfare.cli.options;

import io.fanfare.files.BoundedFile;
import io.fanfare.files.BoundedFile.Secrecy;
import io.fanfare.files.KeyStores;
import io.fanfare.files.Pem;
import io.fanfare.files.UnreadableFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that connect: the certificates that they trust at a {@code wss://} URL. */
public final class TrustOptions {

    /** All authorities of an operating system are a few hundred KiB. */
    private static final int MAX_BYTES = 16 << 20;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description =
                    "Trusted authorities (PEM), or the broker's certificate itself; by default the JVM's authorities.")
    private @Nullable Path authorities;

    @Option(names = "--insecure", description = "Trusts any certificate. For tests only.")
    private boolean insecure;

    /** The SSL context of these options; empty for the JVM's default. */
    public Optional<SSLContext> context() {
        try {
            if (insecure) {
                return Optional.of(context(new TrustManager[] {new TrustEverything()}));
            }
            return authorities == null ? Optional.empty() : Optional.of(context(trusting(authorities)));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot use " + authorities + " for TLS: " + e.getMessage(), e);
        }
    }

    private static SSLContext context(TrustManager[] trust) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust, null);
        return context;
    }

    private static TrustManager[] trusting(Path file) throws GeneralSecurityException {
        try {
            String text =
                    new String(new BoundedFile(file, MAX_BYTES, Secrecy.PUBLIC).read(), StandardCharsets.ISO_8859_1);
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(KeyStores.of(Pem.certificates(text)));
            return factory.getTrustManagers();
        } catch (UnreadableFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e, e);
        }
    }

    /** Trusts every certificate. With the extended class Java does not check host names either. */
    private static final class TrustEverything extends X509ExtendedTrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
