package io.fanfare.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A key and a certificate for this machine that it has signed itself, made by the JDK's keytool.
 *
 * @param store holds both, as {@code key}, under {@link #PASSWORD}
 * @param certificateFile PEM
 * @param keyFile PEM
 */
public record SelfSigned(KeyStore store, Path certificateFile, Path keyFile) {

    public static final String PASSWORD = "password";

    /** With an RSA key; files of this name are put there. */
    public static SelfSigned rsa(Path directory, String name) {
        return make(directory, name, "RSA", "-keysize", "2048");
    }

    /** With a key on P-256. */
    public static SelfSigned ec(Path directory, String name) {
        return make(directory, name, "EC", "-groupname", "secp256r1");
    }

    private static SelfSigned make(Path directory, String name, String... algorithm) {
        Path file = directory.resolve(name + ".p12");
        try {
            keytool(file, name, algorithm);
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD.toCharArray());
            }
            byte[] key = store.getKey("key", PASSWORD.toCharArray()).getEncoded();
            return new SelfSigned(
                    store,
                    pem(
                            directory.resolve(name + ".crt"),
                            "CERTIFICATE",
                            store.getCertificate("key").getEncoded()),
                    pem(directory.resolve(name + ".key"), "PRIVATE KEY", key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path file, String name, String... algorithm) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                // halves the time, which goes into the start of Java
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                "key",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString(),
                "-keyalg"));
        command.addAll(List.of(algorithm));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
        assertThat(keytool.waitFor()).as(said).isZero();
    }

    private static Path pem(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    public X509Certificate certificate() {
        try {
            return (X509Certificate) store.getCertificate("key");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
