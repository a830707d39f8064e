package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Principal;
import io.fanfare.server.FanfareServer;
import io.fanfare.server.TlsOptions;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin listener with {@code admin.tls: true}. */
class AdminTlsIT {

    private static SelfSigned identity;
    private static FanfareServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) {
        identity = SelfSigned.ec(folder, "admin");
        server = FanfareServer.builder()
                .port(0)
                .admin(a -> a.port(0).tls(true).allowRemote(true))
                .tls(TlsOptions.OFF.withCertificates(identity.certificateFile()).withKey(identity.keyFile()))
                .broker(BrokerOptions.builder()
                        .auth(a -> a.authenticator(credentials -> "Bearer root".equals(credentials.authorization())
                                ? CompletableFuture.completedFuture(
                                        new Principal("root", Set.of("admin"), Map.of(), null))
                                : CompletableFuture.failedFuture(new AuthenticationException("wrong token"))))
                        .build())
                .http(new AdminApi())
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void anOperatorIsAnsweredOverHttps() throws Exception {
        HttpResponse<String> overview = get("/api/v1/overview", "Bearer root");
        assertThat(overview.statusCode()).isEqualTo(200);
        assertThat(overview.body()).contains("\"user\":\"root\"");
        assertThat(get("/readyz", "Bearer root").statusCode()).isEqualTo(200);
        assertThat(get("/", "Bearer root").statusCode()).isEqualTo(200);
    }

    @Test
    void encryptionIsNoLogin() throws Exception {
        assertThat(get("/api/v1/overview", "Bearer wrong").statusCode()).isEqualTo(401);
    }

    @Test
    void aClientThatDoesNotKnowTheCertificateIsNotConnected() {
        assertThatThrownBy(() ->
                        HttpClient.newHttpClient().send(request("/readyz", "Bearer root"), BodyHandlers.ofString()))
                .isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void plainHttpIsToldThatThePortSpeaksHttpsAndNothingElse() throws Exception {
        try (RawTcp plain = RawTcp.connect(address().getPort())) {
            plain.sends("GET /api/v1/overview HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer root\r\n\r\n"
                    .getBytes(US_ASCII));
            assertThat(new String(plain.readToEnd(), US_ASCII))
                    .startsWith("HTTP/1.1 400 Bad Request\r\n")
                    .contains("\r\nConnection: close\r\n")
                    .endsWith("\r\n\r\nthis port speaks HTTPS: connect with https://\n");
        }
        assertThat(get("/readyz", "Bearer root").statusCode()).isEqualTo(200);
    }

    @Test
    void withoutACertificateTheServerDoesNotStart() {
        assertThatThrownBy(() -> FanfareServer.builder()
                        .port(0)
                        .admin(a -> a.port(0).tls(true))
                        .start())
                .hasMessageContaining("admin.tls")
                .hasMessageContaining("tls.certificates");
    }

    private static URI address() {
        URI address = server.adminUri().orElseThrow();
        assertThat(address.getScheme()).isEqualTo("https");
        return address;
    }

    private static HttpRequest request(String path, String authorization) {
        return HttpRequest.newBuilder(address().resolve(path))
                .timeout(Await.DEADLINE)
                .header("Authorization", authorization)
                .build();
    }

    private static HttpResponse<String> get(String path, String authorization)
            throws IOException, InterruptedException, GeneralSecurityException {
        return HttpClient.newBuilder()
                .sslContext(trusting(identity))
                .build()
                .send(request(path, authorization), BodyHandlers.ofString());
    }

    private static SSLContext trusting(SelfSigned authority) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("ca", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
