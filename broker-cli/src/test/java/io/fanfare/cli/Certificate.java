package io.fanfare.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate for 127.0.0.1 that has signed itself, made by the JDK's keytool. */
record Certificate(Path file, Path keyFile) {

    static Certificate make(Path directory) throws IOException, GeneralSecurityException, InterruptedException {
        Path storeFile = directory.resolve("tls.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        (keytool + " -genkeypair -alias key -dname CN=broker -ext san=ip:127.0.0.1 -validity 30"
                                        + " -keyalg EC -groupname secp256r1 -storetype PKCS12 -storepass password"
                                        + " -keystore " + storeFile)
                                .split(" "))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor()).as(said).isZero();
        char[] password = "password".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(storeFile)) {
            store.load(in, password);
        }
        return new Certificate(
                pem(
                        directory.resolve("tls.crt"),
                        "CERTIFICATE",
                        store.getCertificate("key").getEncoded()),
                pem(
                        directory.resolve("tls.key"),
                        "PRIVATE KEY",
                        store.getKey("key", password).getEncoded()));
    }

    private static Path pem(Path file, String label, byte[] der) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN " + label + "-----\n" + Base64.getEncoder().encodeToString(der) + "\n-----END " + label
                        + "-----\n");
    }
}
