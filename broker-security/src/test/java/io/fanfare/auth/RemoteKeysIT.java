package io.fanfare.auth;

import static io.fanfare.auth.Attempt.letIn;
import static io.fanfare.auth.Attempt.passcode;
import static io.fanfare.auth.Attempt.refused;
import static io.fanfare.auth.Attempt.unavailable;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fanfare.testing.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that a server hands out, as long as it does. */
class RemoteKeysIT {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
    private static final String CLAIMS = "{\"sub\":\"alice\",\"exp\":1800000600}";
    private static final String OLD = TestKeys.signed(JWSAlgorithm.RS256, TestKeys.RSA, CLAIMS);
    private static final String NEW = TestKeys.signed(JWSAlgorithm.RS256, TestKeys.OTHER_RSA, CLAIMS);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService serving = Executors.newCachedThreadPool();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = jwks(TestKeys.RSA);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(serving);
        server.createContext("/jwks", exchange -> {
            requests.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException e) {
                return;
            }
            byte[] answer = body.getBytes(UTF_8);
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> {
            byte[] answer = jwks(TestKeys.OTHER_RSA).getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        server.stop(0);
        serving.shutdownNow();
    }

    // ---- keys that are there --------------------------------------------------------------------------------------

    @Test
    void theKeysOfTheServerCheckTokens() {
        JwtAuthenticator tokens = open();
        assertThat(letIn(tokens, passcode(OLD)).name()).isEqualTo("alice");
        assertThat(letIn(tokens, passcode(OLD)).name()).isEqualTo("alice");
        assertThat(requests).hasValue(1);
    }

    @Test
    void whoeverAsksDoesNotWaitForTheServer() throws Exception {
        gate = new CountDownLatch(1);
        JwtAuthenticator tokens = open();
        CompletableFuture<?> first = tokens.authenticate(passcode(OLD)).toCompletableFuture();
        CompletableFuture<?> second = tokens.authenticate(passcode(OLD)).toCompletableFuture();
        Await.until("the server is asked", () -> requests.get() == 1);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        gate.countDown();
        first.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        second.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        assertThat(requests).hasValue(1);
    }

    @Test
    void aNewKeyIsAskedForWhenATokenNamesIt() {
        JwtAuthenticator tokens = open();
        letIn(tokens, passcode(OLD));
        body = jwks(TestKeys.RSA, TestKeys.OTHER_RSA);
        passes(RemoteKeys.PAUSE);
        letIn(tokens, passcode(NEW));
        letIn(tokens, passcode(OLD));
        assertThat(requests).hasValue(2);
    }

    @Test
    void inventedKeysDoNotMakeUsAskAndAsk() {
        JwtAuthenticator tokens = open();
        letIn(tokens, passcode(OLD));
        for (int i = 0; i < 20; i++) {
            assertThat(refused(tokens, passcode(NEW))).isEqualTo("no key for algorithm 'RS256' and kid 'rsa-2'");
        }
        assertThat(requests).hasValue(1);
        passes(RemoteKeys.PAUSE);
        for (int i = 0; i < 20; i++) {
            refused(tokens, passcode(NEW));
        }
        assertThat(requests).hasValue(2);
    }

    @Test
    void aKeyThatWasWithdrawnIsForgottenAfterAWhile() {
        JwtAuthenticator tokens = open();
        letIn(tokens, passcode(OLD));
        body = jwks(TestKeys.OTHER_RSA);
        passes(RemoteKeys.REFRESH.minusNanos(1));
        letIn(tokens, passcode(OLD));
        assertThat(requests).hasValue(1);
        passes(Duration.ofNanos(1));
        // who comes now is still let in, and has the server asked
        letIn(tokens, passcode(OLD));
        Await.until("the new keys", () -> isRefused(tokens, OLD));
        letIn(tokens, passcode(NEW));
        assertThat(requests).hasValue(2);
    }

    private static boolean isRefused(JwtAuthenticator tokens, String token) {
        return tokens.authenticate(passcode(token))
                .handle((principal, failure) -> failure != null)
                .toCompletableFuture()
                .join();
    }

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
        JwtAuthenticator tokens = open();
        letIn(tokens, passcode(OLD));
        status = code;
        body = text == null ? "" : text;
        passes(RemoteKeys.REFRESH);
        // waits for the answer
        assertThat(refused(tokens, passcode(NEW))).startsWith("no key");
        assertThat(requests).hasValue(2);
        letIn(tokens, passcode(OLD));
    }

    @Test
    void goodKeysWithAnErrorLeaveTheOldOnes() {
        JwtAuthenticator tokens = open();
        letIn(tokens, passcode(OLD));
        status = 503;
        body = jwks(TestKeys.OTHER_RSA);
        passes(RemoteKeys.PAUSE);
        assertThat(refused(tokens, passcode(NEW))).startsWith("no key");
        letIn(tokens, passcode(OLD));
    }

    @Test
    void aServerThatIsGoneLeavesTheOldKeysUntilItIsBack() {
        JwtAuthenticator tokens = open();
        letIn(tokens, passcode(OLD));
        server.stop(0);
        passes(RemoteKeys.REFRESH);
        assertThat(refused(tokens, passcode(NEW))).startsWith("no key");
        letIn(tokens, passcode(OLD));
    }

    @Test
    void anAnswerThatIsTooLongLeavesTheOldKeys() {
        JwtAuthenticator tokens = open();
        letIn(tokens, passcode(OLD));
        body = " ".repeat(256 << 10) + jwks(TestKeys.OTHER_RSA);
        passes(RemoteKeys.PAUSE);
        assertThat(refused(tokens, passcode(NEW))).startsWith("no key");
        letIn(tokens, passcode(OLD));
    }

    @Test
    void theServerNeedNotBeThereAtFirst() {
        status = 500;
        JwtAuthenticator tokens = open();
        assertThat(unavailable(tokens, passcode(OLD))).isEqualTo("no keys from " + uri());
        assertThat(unavailable(tokens, passcode(OLD))).isEqualTo("no keys from " + uri());
        assertThat(requests).hasValue(1);
        status = 200;
        passes(RemoteKeys.PAUSE);
        letIn(tokens, passcode(OLD));
    }

    @Test
    @DisplayName("a server that can't prove who it is, is not believed (CVE-2026-67404)")
    void aServerThatSpeaksNoProperTlsIsNotBelieved() throws Exception {
        // plain HTTP behind https:// is a TLS failure like any other; this server waits for the end of a line
        JwtAuthenticator tokens = open(URI.create(uri().toString().replace("http:", "https:")), Duration.ofSeconds(1));
        assertThat(unavailable(tokens, passcode(OLD))).startsWith("no keys from https://");
        assertThat(requests).hasValue(0);
    }

    @Test
    @DisplayName("a certificate that nobody vouches for is not believed (CVE-2026-67404)")
    void aCertificateThatNobodyVouchesForIsNotBelieved(@TempDir Path folder) throws Exception {
        HttpsServer impostor = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        impostor.setExecutor(serving);
        impostor.setHttpsConfigurator(new HttpsConfigurator(selfSigned(folder.resolve("keys.p12"))));
        impostor.createContext("/jwks", exchange -> {
            requests.incrementAndGet();
            byte[] answer = body.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        impostor.start();
        try {
            JwtAuthenticator tokens =
                    open(URI.create("https://127.0.0.1:" + impostor.getAddress().getPort() + "/jwks"));
            assertThat(unavailable(tokens, passcode(OLD))).startsWith("no keys from https://");
            assertThat(requests).hasValue(0);
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
            JwtAuthenticator tokens = open(uri, Duration.ofSeconds(1));
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

    // ---- what is no source ------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://id.example.com/jwks",
                "http://127.0.0.1.example.com/jwks",
                "http://localhost@example.com/jwks",
                "file:///etc/passwd",
                "ftp://id.example.com/jwks",
                "https:///jwks",
                "jwks"
            })
    void keysComeSafelyOrNotAtAll(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RemoteKeys.open(URI.create(url)).close())
                .withMessageContaining("begins with https://");
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    private JwtAuthenticator open() {
        return open(uri());
    }

    private JwtAuthenticator open(URI uri) {
        return open(uri, Await.DEADLINE);
    }

    private JwtAuthenticator open(URI uri, Duration patience) {
        JwtAuthenticator tokens = new JwtAuthenticator(
                JwtOptions.of(new KeySource.JwksUrl(uri)), CLOCK, RemoteKeys.open(uri, nanos::get, patience));
        opened.add(tokens);
        return tokens;
    }

    private static String jwks(JWK... keys) {
        return new JWKSet(List.of(keys)).toString();
    }
}
