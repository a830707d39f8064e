package io.fanfare.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import io.fanfare.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server with a JWK set for each test, which answers as the test says, and the authenticators that ask it. */
final class KeyServer implements BeforeEachCallback, AfterEachCallback {

    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC);
    private static final String CLAIMS = "{\"sub\":\"alice\",\"exp\":1800000600}";

    /** A token signed with the key that the server has at first. */
    static final String OLD = TestKeys.signed(JWSAlgorithm.RS256, TestKeys.RSA, CLAIMS);

    /** A token signed with another key. */
    static final String NEW = TestKeys.signed(JWSAlgorithm.RS256, TestKeys.OTHER_RSA, CLAIMS);

    final AtomicInteger requests = new AtomicInteger();
    final ExecutorService serving = Executors.newCachedThreadPool();
    private final AtomicLong nanos = new AtomicLong();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private HttpServer server;
    volatile int status = 200;
    volatile String body = jwks(TestKeys.RSA);
    volatile CountDownLatch gate = new CountDownLatch(0);

    @Override
    public void beforeEach(ExtensionContext context) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        server.stop(0);
        serving.shutdownNow();
    }

    /** Ends the server before the test does. */
    void stop() {
        server.stop(0);
    }

    void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    JwtAuthenticator open() {
        return open(uri());
    }

    JwtAuthenticator open(URI uri) {
        return open(uri, Await.DEADLINE);
    }

    JwtAuthenticator open(URI uri, Duration patience) {
        JwtAuthenticator tokens = new JwtAuthenticator(
                JwtOptions.of(new KeySource.JwksUrl(uri)), CLOCK, RemoteKeys.open(uri, nanos::get, patience));
        opened.add(tokens);
        return tokens;
    }

    static String jwks(JWK... keys) {
        return new JWKSet(List.of(keys)).toString();
    }
}
