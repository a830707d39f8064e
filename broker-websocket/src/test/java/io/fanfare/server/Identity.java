package io.fanfare.server;

import io.fanfare.testing.SelfSigned;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** A {@link SelfSigned} certificate as files for a server, and for clients. */
record Identity(SelfSigned made) {

    static final Identity SERVER = new Identity(SelfSigned.rsa(newDirectory(), "server"));
    static final Identity OTHER_SERVER = new Identity(SelfSigned.ec(newDirectory(), "other-server"));
    static final Identity ALICE = new Identity(SelfSigned.ec(newDirectory(), "alice"));
    static final Identity STRANGER = new Identity(SelfSigned.ec(newDirectory(), "stranger"));

    static Path newDirectory() {
        try {
            return Files.createTempDirectory(Path.of("target"), "tls-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    X509Certificate certificate() {
        return made.certificate();
    }

    Path certificateFile() {
        return made.certificateFile();
    }

    Path keyFile() {
        return made.keyFile();
    }

    /** TLS of a server that shows this. */
    TlsOptions options() {
        return TlsOptions.of(certificateFile(), keyFile());
    }

    /** Makes these files what they are to be now. */
    void copyTo(TlsOptions files) {
        try {
            put(certificateFile(), files.certificates());
            put(keyFile(), files.key());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In one step: a look at the files must not find half of one. */
    static void put(Path content, Path file) throws IOException {
        Path whole = Files.createTempFile(newDirectory(), "new-", "");
        Files.copy(content, whole, StandardCopyOption.REPLACE_EXISTING);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
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
            keys.init(client == null ? null : client.made.store(), SelfSigned.PASSWORD.toCharArray());
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
