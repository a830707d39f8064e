package io.fanfare.testkit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key for {@code localhost} and {@code 127.0.0.1} and a certificate that it has signed itself, and both sides of TLS with them.
 * The JDK has no public API that makes certificates: its keytool does, which takes a second, once for a JVM.
 */
public final class TestTls {

    private static final String PASSWORD = "password";

    /** Made at first use. */
    private static final class Holder {
        static final TestTls TLS = make();
    }

    private final X509Certificate certificate;
    private final SSLContext server;
    private final SSLContext client;

    private TestTls(KeyStore own) throws GeneralSecurityException, IOException {
        this.certificate = (X509Certificate) own.getCertificate("key");
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        this.server = SSLContext.getInstance("TLS");
        server.init(keys.getKeyManagers(), null, null);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("test", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        this.client = SSLContext.getInstance("TLS");
        client.init(null, trust.getTrustManagers(), null);
    }

    /**
     * The one of this JVM.
     *
     * @throws IllegalStateException when keytool can't make it
     */
    public static TestTls ofThisJvm() {
        return Holder.TLS;
    }

    /** What the other side shows. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Trusts the certificate. */
    public SSLContext client() {
        return client;
    }

    public SocketFactory sockets() {
        return client.getSocketFactory();
    }

    /** TLS on a connection that has been accepted; hands are shaken with the first octet that is read or written. */
    public Socket accept(Socket accepted) throws IOException {
        SSLSocket socket =
                (SSLSocket) server.getSocketFactory().createSocket(accepted, InputStream.nullInputStream(), true);
        socket.setUseClientMode(false);
        return socket;
    }

    private static TestTls make() {
        try {
            Path folder = Files.createTempDirectory("fanfare-test-tls");
            Path file = folder.resolve("key.p12");
            try {
                keytool(file);
                KeyStore store = KeyStore.getInstance("PKCS12");
                try (InputStream in = Files.newInputStream(file)) {
                    store.load(in, PASSWORD.toCharArray());
                }
                return new TestTls(store);
            } finally {
                Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path file) throws IOException {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=fanfare-test",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString()))
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keytool makes a certificate", e);
        }
    }
}
