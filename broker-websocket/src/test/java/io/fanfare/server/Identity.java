package io.fanfare.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A key and a certificate that it has signed itself, as files and for clients; made by the JDK's keytool. */
final class Identity {

    private static final char[] PASSWORD = "password".toCharArray();

    static final Identity SERVER = rsa(newDirectory(), "server");
    static final Identity OTHER_SERVER = ec(newDirectory(), "other-server");
    static final Identity ALICE = ec(newDirectory(), "alice");
    static final Identity STRANGER = ec(newDirectory(), "stranger");

    private final KeyStore store;
    private final Path certificateFile;
    private final Path keyFile;

    private Identity(KeyStore store, Path directory, String name) throws IOException, GeneralSecurityException {
        this.store = store;
        this.certificateFile = directory.resolve(name + ".crt");
        this.keyFile = directory.resolve(name + ".key");
        write(certificateFile, "CERTIFICATE", certificate().getEncoded());
        write(keyFile, "PRIVATE KEY", store.getKey("key", PASSWORD).getEncoded());
    }

    static Path newDirectory() {
        try {
            return Files.createTempDirectory(Path.of("target"), "tls-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of a name, for localhost. */
    private static Identity make(Path directory, String name, String... algorithm) {
        try {
            Path file = directory.resolve(name + ".p12");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
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
                    new String(PASSWORD),
                    "-keystore",
                    file.toString(),
                    "-keyalg"));
            command.addAll(List.of(algorithm));
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
            assertThat(keytool.waitFor()).as(said).isZero();
            KeyStore store = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, PASSWORD);
            }
            return new Identity(store, directory, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Identity rsa(Path directory, String name) {
        return make(directory, name, "RSA", "-keysize", "2048");
    }

    private static Identity ec(Path directory, String name) {
        return make(directory, name, "EC", "-groupname", "secp256r1");
    }

    private static void write(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    X509Certificate certificate() {
        try {
            return (X509Certificate) store.getCertificate("key");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Path certificateFile() {
        return certificateFile;
    }

    Path keyFile() {
        return keyFile;
    }

    /** TLS of a server that shows this. */
    TlsOptions options() {
        return TlsOptions.of(certificateFile, keyFile);
    }

    /** Makes these files what they are to be now. */
    void copyTo(TlsOptions files) {
        try {
            Files.writeString(files.certificates(), Files.readString(certificateFile));
            Files.writeString(files.key(), Files.readString(keyFile));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** TLS of a client that trusts this server, and shows nothing. */
    SSLContext trusted() {
        return context(null, this);
    }

    /** TLS of a client that trusts this server, and shows who it is. */
    SSLContext trustedBy(Identity client) {
        return context(client, this);
    }

    /** TLS of a client that trusts all of these servers. */
    static SSLContext trusting(Identity... servers) {
        return context(null, servers);
    }

    private static SSLContext context(Identity client, Identity... servers) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            for (Identity server : servers) {
                trusted.setCertificateEntry("server-" + trusted.size(), server.certificate());
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(client == null ? null : client.store, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager shown = new Insisting((X509ExtendedKeyManager) keys.getKeyManagers()[0]);
            context.init(new KeyManager[] {shown}, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Shows its certificate to servers that have said whom they trust, too; Java's own would keep it to itself. */
    private static final class Insisting extends X509ExtendedKeyManager {

        private final X509ExtendedKeyManager keys;

        Insisting(X509ExtendedKeyManager keys) {
            this.keys = keys;
        }

        @Override
        public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return keys.chooseClientAlias(keyTypes, null, socket);
        }

        @Override
        public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
            return keys.chooseEngineClientAlias(keyTypes, null, engine);
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return keys.getClientAliases(keyType, null);
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return keys.getCertificateChain(alias);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return keys.getPrivateKey(alias);
        }
    }
}
