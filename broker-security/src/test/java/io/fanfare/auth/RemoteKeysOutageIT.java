package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.passcode;
import static io.fanfare.auth.Attempt.refused;
import static io.fanfare.auth.Attempt.unavailable;
import static io.fanfare.auth.KeyServer.NEW;
import static io.fanfare.auth.KeyServer.OLD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.testing.Await;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server with keys that is gone, slow, wrong, or not who it says. */
class RemoteKeysOutageIT {

    @RegisterExtension
    final KeyServer server = new KeyServer();

    // ---- outages --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "500|error",
                "200|<!doctype html><title>Log in</title>",
                "200|{\"keys\":[]}",
                "200|{}",
                "200|null",
                "404|{\"keys\":[]}",
                "302|{}",
                "204|"
            })
    @DisplayName("whatever is no answer leaves the old keys (CVE-2026-67409)")
    void whatIsNoAnswerLeavesTheOldKeys(int code, String text) {
        JwtAuthenticator tokens = server.open();
        letIn(tokens, passcode(OLD));
        server.status = code;
        server.body = text == null ? "" : text;
        server.passes(RemoteKeys.REFRESH);
        // waits for the answer
        assertThat(refused(tokens, passcode(NEW))).startsWith("no key");
        assertThat(server.requests).hasValue(2);
        letIn(tokens, passcode(OLD));
    }

    @Test
    void goodKeysWithAnErrorLeaveTheOldOnes() {
        JwtAuthenticator tokens = server.open();
        letIn(tokens, passcode(OLD));
        server.status = 503;
        server.body = KeyServer.jwks(TestKeys.OTHER_RSA);
        server.passes(RemoteKeys.PAUSE);
        assertThat(refused(tokens, passcode(NEW))).startsWith("no key");
        letIn(tokens, passcode(OLD));
    }

    @Test
    void aServerThatIsGoneLeavesTheOldKeysUntilItIsBack() {
        JwtAuthenticator tokens = server.open();
        letIn(tokens, passcode(OLD));
        server.stop();
        server.passes(RemoteKeys.REFRESH);
        assertThat(refused(tokens, passcode(NEW))).startsWith("no key");
        letIn(tokens, passcode(OLD));
    }

    @Test
    void anAnswerThatIsTooLongLeavesTheOldKeys() {
        JwtAuthenticator tokens = server.open();
        letIn(tokens, passcode(OLD));
        server.body = " ".repeat(256 << 10) + KeyServer.jwks(TestKeys.OTHER_RSA);
        server.passes(RemoteKeys.PAUSE);
        assertThat(refused(tokens, passcode(NEW))).startsWith("no key");
        letIn(tokens, passcode(OLD));
    }

    @Test
    void theServerNeedNotBeThereAtFirst() {
        server.status = 500;
        JwtAuthenticator tokens = server.open();
        assertThat(unavailable(tokens, passcode(OLD))).isEqualTo("no keys from " + server.uri());
        assertThat(unavailable(tokens, passcode(OLD))).isEqualTo("no keys from " + server.uri());
        assertThat(server.requests).hasValue(1);
        server.status = 200;
        server.passes(RemoteKeys.PAUSE);
        letIn(tokens, passcode(OLD));
    }

    @Test
    @DisplayName("a server that can't prove who it is, is not believed (CVE-2026-67404)")
    void aServerThatSpeaksNoProperTlsIsNotBelieved() throws Exception {
        // plain HTTP behind https:// is a TLS failure like any other; this server waits for the end of a line
        JwtAuthenticator tokens =
                server.open(URI.create(server.uri().toString().replace("http:", "https:")), Duration.ofSeconds(1));
        assertThat(unavailable(tokens, passcode(OLD))).startsWith("no keys from https://");
        assertThat(server.requests).hasValue(0);
    }

    @Test
    @DisplayName("a certificate that nobody vouches for is not believed (CVE-2026-67404)")
    void aCertificateThatNobodyVouchesForIsNotBelieved(@TempDir Path folder) throws Exception {
        HttpsServer impostor = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        impostor.setExecutor(server.serving);
        impostor.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("keys.p12"))));
        impostor.createContext("/jwks", exchange -> {
            server.requests.incrementAndGet();
            byte[] answer = server.body.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        impostor.start();
        try {
            JwtAuthenticator tokens = server.open(
                    URI.create("https://127.0.0.1:" + impostor.getAddress().getPort() + "/jwks"));
            assertThat(unavailable(tokens, passcode(OLD))).startsWith("no keys from https://");
            assertThat(server.requests).hasValue(0);
        } finally {
            impostor.stop(0);
        }
    }

    private static SSLContext selfSigned(Path store) throws Exception {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        (keytool + " -genkeypair -alias a -keyalg EC -dname CN=127.0.0.1 -ext SAN=IP:127.0.0.1"
                                        + " -storepass secret -storetype PKCS12 -keystore " + store)
                                .split(" "))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(made.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "secret".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Test
    void aServerThatNeverAnswersIsAskedOnceAtATime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/jwks");
            JwtAuthenticator tokens = server.open(uri, Duration.ofSeconds(1));
            Socket asked = silent.accept();
            List<CompletableFuture<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                waiting.add(tokens.authenticate(passcode(OLD)).toCompletableFuture());
            }
            for (CompletableFuture<?> each : waiting) {
                assertThat(each.handle((principal, failure) ->
                                        failure.getCause().getMessage())
                                .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo("no keys from " + uri);
            }
            silent.setSoTimeout(1);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(silent::accept);
            asked.close();
        }
    }

    @Test
    void clientsThatWaitForKeysAreAnsweredWhenTheAuthenticatorCloses() throws Exception {
        server.gate = new CountDownLatch(1);
        JwtAuthenticator tokens = server.open();
        CompletableFuture<?> waiting = tokens.authenticate(passcode(OLD)).toCompletableFuture();
        Await.until("the server is asked", () -> server.requests.get() == 1);
        tokens.close();

        assertThat(waiting.handle((principal, failure) -> failure.getCause())
                        .get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(AuthenticationUnavailableException.class);
    }
}
