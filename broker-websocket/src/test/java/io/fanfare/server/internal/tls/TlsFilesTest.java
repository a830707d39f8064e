package io.fanfare.server.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.files.Pem;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates and keys as the openssl command writes them; the README beside them says how. */
class TlsFilesTest {

    @TempDir
    Path folder;

    // ---- what is taken ----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "rsa.crt, rsa.pkcs8.key",
        "rsa.crt, rsa.traditional.key",
        "ec.crt, ec.pkcs8.key",
        "ec.crt, ec.traditional.key",
        "ed25519.crt, ed25519.pkcs8.key"
    })
    void clientsAreShownTheCertificateAndTheOneAboveIt(String certificates, String key) throws Exception {
        List<X509Certificate> chain = Pem.certificates(Files.readString(openssl(certificates)));
        assertThat(chain).hasSize(2);
        chain.get(0).verify(chain.get(1).getPublicKey());
        chain.get(1).verify(rootOf(chain).getPublicKey());

        SSLContext context = context(openssl(certificates), openssl(key));

        assertThat(shown(context, chain.get(0))).isEqualTo(chain);
    }

    @Test
    void linesMayEndAsOnWindows() throws Exception {
        Path certificates = Files.writeString(folder.resolve("crt"), windows("ec.crt"));
        for (String key : List.of("ec.pkcs8.key", "ec.traditional.key")) {
            context(certificates, Files.writeString(folder.resolve("key"), windows(key)));
        }
    }

    private static String windows(String name) throws IOException, URISyntaxException {
        return Files.readString(openssl(name)).replace("\n", "\r\n");
    }

    @Test
    void certificateAndKeyMayStandInOneFile() throws Exception {
        Path both = Files.writeString(
                folder.resolve("both.pem"),
                Files.readString(openssl("ec.traditional.key")) + Files.readString(openssl("ec.crt")));

        context(both, both);
    }

    private static X509Certificate rootOf(List<X509Certificate> chain) throws Exception {
        X509Certificate root =
                Pem.certificates(Files.readString(openssl("root.crt"))).get(0);
        assertThat(chain.get(1).getIssuerX500Principal()).isEqualTo(root.getSubjectX500Principal());
        return root;
    }

    // ---- what is refused, and what helps
    // ------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rsa.encrypted.key             | the key has a passphrase; `openssl pkey -in FILE -out NEW` stores it without",
                "rsa.traditional-encrypted.key | the key has a passphrase; `openssl pkey -in FILE -out NEW` stores it without",
                "ec.encrypted.key              | the key has a passphrase; `openssl pkey -in FILE -out NEW` stores it without",
                "ec.traditional-encrypted.key  | the key has a passphrase; `openssl pkey -in FILE -out NEW` stores it without",
                "ec.openssh.key                | the key is in OpenSSH's own form; `ssh-keygen -p -m PKCS8 -f FILE` changes it",
                "ec.der                        | there is no private key in it; `openssl pkey -inform DER -in FILE -out NEW`"
                        + " makes PEM of DER, `openssl pkcs12 -nocerts -noenc -in FILE -out NEW` of PKCS #12",
                "ec.p12                        | there is no private key in it; `openssl pkey -inform DER -in FILE -out NEW`"
                        + " makes PEM of DER, `openssl pkcs12 -nocerts -noenc -in FILE -out NEW` of PKCS #12",
                "ec.crt                        | there is no private key in it",
                "rsa.pkcs8.key                 | the key is broken, or no EC key as the certificate's is",
                "rsa.traditional.key           | the key is broken, or no EC key as the certificate's is",
                "ed25519.pkcs8.key             | the key is broken, or no EC key as the certificate's is"
            })
    void keyThatIsNoGoodIsRefusedWithWhatHelps(String key, String sentence) throws Exception {
        assertThatThrownBy(() -> context(openssl("ec.crt"), openssl(key)))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot use " + openssl(key) + " for TLS: " + sentence);
    }

    @Test
    void certificateInAnotherFormIsRefusedWithWhatHelps() throws Exception {
        Path der = openssl("ec.crt.der");

        assertThatThrownBy(() -> context(der, openssl("ec.pkcs8.key")))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot use " + der + " for TLS: there is no certificate in it;"
                        + " `openssl x509 -inform DER -in FILE -out NEW` makes PEM of DER");
    }

    @Test
    void chainTheWrongWayRoundIsRefused() throws Exception {
        List<String> blocks = List.of(Files.readString(openssl("ec.crt")).split("(?<=-----END CERTIFICATE-----\n)"));
        Path reversed = Files.writeString(folder.resolve("reversed.crt"), blocks.get(1) + blocks.get(0));
        Path key = openssl("ec.pkcs8.key");

        assertThatThrownBy(() -> context(reversed, key))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "cannot use " + key + " for TLS: it is not the key of the first certificate in " + reversed);
    }

    // ---- a server and a client --------------------------------------------------------------------------------------

    static Path openssl(String name) throws URISyntaxException {
        return Path.of(TlsFilesTest.class.getResource("openssl/" + name).toURI());
    }

    private static SSLContext context(Path certificates, Path key) throws IOException {
        List<byte[]> contents = List.of(Files.readAllBytes(certificates), Files.readAllBytes(key));
        return new TlsFiles(new TlsPaths(certificates, key, null), contents).context();
    }

    /** What a client sees who trusts a certificate. */
    private static List<Certificate> shown(SSLContext server, X509Certificate trusted)
            throws GeneralSecurityException, IOException {
        SSLEngine serving = server.createSSLEngine();
        serving.setUseClientMode(false);
        return shown(serving, trusted);
    }

    static List<Certificate> shown(SSLEngine serving, X509Certificate trusted)
            throws GeneralSecurityException, IOException {
        SSLEngine asking = client(trusted).createSSLEngine();
        asking.setUseClientMode(true);
        asking.beginHandshake();
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        while (asking.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
            step(asking, toClient, toServer);
            step(serving, toServer, toClient);
        }
        return List.of(asking.getSession().getPeerCertificates());
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            case NEED_TASK -> engine.getDelegatedTask().run();
            default -> {
                in.flip();
                engine.unwrap(in, ByteBuffer.allocate(1 << 16));
                in.compact();
            }
        }
    }

    private static SSLContext client(X509Certificate trusted) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("server", trusted);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
