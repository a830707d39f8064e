package io.fanfare.server.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.files.Pem;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The certificate of a new connection, when the files have changed since the last one. */
class ServerTlsTest {

    @TempDir
    Path folder;

    private final Queue<Runnable> worker = new ArrayDeque<>();

    @Test
    void firstConnectionAfterALongTimeIsShownTheNewCertificate() throws Exception {
        install("rsa.crt", "rsa.pkcs8.key");
        ServerTls tls = serverThatLooksEvery(Duration.ZERO);
        install("ec.crt", "ec.pkcs8.key");

        CompletableFuture<SSLEngine> engine = tls.get();
        assertThat(engine).as("before the files have been read").isNotDone();
        worker.remove().run();

        List<X509Certificate> chain = Pem.certificates(Files.readString(TlsFilesTest.openssl("ec.crt")));
        assertThat(TlsFilesTest.shown(engine.join(), chain.get(0))).isEqualTo(chain);
    }

    @Test
    void connectionsUntilTheNextLookDoNotWait() throws Exception {
        install("rsa.crt", "rsa.pkcs8.key");
        ServerTls tls = serverThatLooksEvery(Duration.ofDays(1));

        assertThat(tls.get()).isDone();
        assertThat(worker).isEmpty();
    }

    @Test
    void filesThatAreNoGoodLeaveTheOldCertificate() throws Exception {
        install("rsa.crt", "rsa.pkcs8.key");
        ServerTls tls = serverThatLooksEvery(Duration.ZERO);
        install("ec.crt", "rsa.pkcs8.key");

        CompletableFuture<SSLEngine> engine = tls.get();
        worker.remove().run();

        List<X509Certificate> chain = Pem.certificates(Files.readString(TlsFilesTest.openssl("rsa.crt")));
        assertThat(TlsFilesTest.shown(engine.join(), chain.get(0))).isEqualTo(chain);
    }

    private ServerTls serverThatLooksEvery(Duration interval) throws IOException {
        TlsPaths paths = new TlsPaths(folder.resolve("tls.crt"), folder.resolve("tls.key"), null);
        return new ServerTls(paths, new SSLParameters(), worker::add, interval);
    }

    private void install(String certificates, String key) throws IOException, URISyntaxException {
        Files.copy(TlsFilesTest.openssl(certificates), folder.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(TlsFilesTest.openssl(key), folder.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);
    }
}
