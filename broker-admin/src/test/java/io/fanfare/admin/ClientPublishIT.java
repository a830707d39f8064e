package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Principal;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import io.fanfare.testing.StompSocket;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** POST publish on the clients' port. */
class ClientPublishIT {

    private static final String JSON = "{\"destination\":\"/topic/a\",\"body\":\"hi\"}";

    private static final int MAX_BODY_BYTES = 10_000;

    /** A token is its user's name; a client without one is a guest. */
    private static final Authenticator TOKENS = credentials -> {
        String authorization = credentials.authorization();
        if (authorization == null) {
            return CompletableFuture.completedFuture(Principal.of("guest"));
        }
        return authorization.equals("Bearer alice")
                ? CompletableFuture.completedFuture(Principal.of("alice"))
                : CompletableFuture.failedFuture(new AuthenticationException("unknown"));
    };

    private final FanfareServer server = FanfareServer.builder()
            .port(0)
            .tcpPort(0)
            .loops(2)
            .httpPublish(true)
            .admin(a -> a.maxBodyBytes(MAX_BODY_BYTES))
            .http(new AdminApi())
            .broker(BrokerOptions.builder()
                    .rates(r -> r.maxUserMessageRate(1).rateBurst(Duration.ofSeconds(10)))
                    .auth(a -> a.authenticator(TOKENS)
                            .authorizer(Rules.of(
                                    Rule.allow(Action.SUBSCRIBE, "#"),
                                    Rule.allow(Action.SEND, "/topic/a").forUsers("alice"))))
                    .build())
            .start();

    @AfterEach
    void close() {
        server.close();
    }

    private RawTcp open() {
        return RawTcp.connect(server.webSocketPort());
    }

    private Response post(String body, String... lines) {
        return send("POST", "Content-Length: " + body.length() + "\r\n", body, lines);
    }

    private Response send(String method, String framing, String body, String... lines) {
        try (RawTcp client = open()) {
            String head = method + " /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + framing;
            String more = lines.length == 0 ? "" : String.join("\r\n", lines) + "\r\n";
            return RawWebSocket.response(client.sends((head + more + "\r\n" + body).getBytes(ISO_8859_1)));
        }
    }

    @Test
    void aMessageIsItsUsers() {
        try (StompSocket bob =
                StompSocket.over(RawTcp.connect(server.tcpPort())).connects("1.2")) {
            bob.subscribes("id:0\ndestination:/topic/a");
            Response response = post(JSON, "Authorization: Bearer alice");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.body()).contains("\"delivered\":1");
            assertThat(bob.gotMessage("hi").header("user-id")).isEqualTo("alice");
        }
    }

    @Test
    void aRepeatSaysThatItIsOne() {
        String first = JSON.replace("{\"destination\"", "{\"headers\":{\"dedup-id\":1},\"destination\"");
        assertThat(first).as("the message with an id").isNotEqualTo(JSON);
        assertThat(post(first, "Authorization: Bearer alice").body()).doesNotContain("duplicate");
        try (StompSocket bob =
                StompSocket.over(RawTcp.connect(server.tcpPort())).connects("1.2")) {
            bob.subscribes("id:0\ndestination:/topic/a");
            assertThat(post(first, "Authorization: Bearer alice").body())
                    .contains("\"duplicate\":true", "\"delivered\":0", "\"message_id\":null");
            post(first.replace(":1}", ":2}"), "Authorization: Bearer alice");
            assertThat(bob.gotMessage("hi").header("dedup-id")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2c", "websocket", "h2c, TLS/1.3"})
    void anOfferToUpgradeIsIgnored(String protocols) {
        Response response = post(
                JSON,
                "Authorization: Bearer alice",
                "Connection: Upgrade, HTTP2-Settings",
                "Upgrade: " + protocols,
                "HTTP2-Settings: AAEAAEAA");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).contains("\"message_id\":");
    }

    @Test
    void permissionsAreThoseOfASend() {
        assertThat(post(JSON).status()).isEqualTo(403);
        assertThat(post(JSON.replace("/topic/a", "/topic/b"), "Authorization: Bearer alice")
                        .status())
                .isEqualTo(403);
        assertThat(post(JSON, "Authorization: Bearer mallory").status()).isEqualTo(401);
    }

    @Test
    void aServerThatTakesLongToAnswerCutsNoClient() {
        CompletableFuture<Principal> decision = new CompletableFuture<>();
        try (FanfareServer slow = FanfareServer.builder()
                        .port(0)
                        .httpPublish(true)
                        .http(new AdminApi())
                        .timeouts(t -> t.handshakeTimeout(Duration.ofSeconds(2)))
                        .broker(BrokerOptions.builder()
                                .auth(a -> a.authenticator(credentials -> decision))
                                .build())
                        .start();
                RawTcp client = RawTcp.connect(slow.webSocketPort())) {
            client.sends(("POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: " + JSON.length() + "\r\n\r\n" + JSON)
                    .getBytes(ISO_8859_1));
            // begins later, and sends nothing: its time is over, and so would be that of the other
            RawTcp.connect(slow.webSocketPort()).ended();

            decision.complete(Principal.of("alice"));
            assertThat(RawWebSocket.response(client).status()).isEqualTo(200);
        }
    }

    @Test
    void aUserHasTheRatesOfAConnection() {
        String thirty = String.join(",", Collections.nCopies(30, JSON));
        Response response = post("{\"messages\":[" + thirty + "]}", "Authorization: Bearer alice");
        assertThat(response.status()).isEqualTo(429);
        assertThat(response.header("Retry-After")).containsExactly("1");
        assertThat(response.body()).contains("\"key\":\"max_user_message_rate\"");
    }

    @Test
    void theOriginsOfPagesAreThoseOfTheHandshake() {
        assertThat(post(JSON, "Authorization: Bearer alice", "Origin: http://evil.example")
                        .status())
                .isEqualTo(403);
        assertThat(post(JSON, "Authorization: Bearer alice", "Origin: http://localhost:8080")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void bodiesAreLimitedInChunksToo() {
        String padded = JSON + " ".repeat(MAX_BODY_BYTES - JSON.length());
        assertThat(post(padded, "Authorization: Bearer alice").status()).isEqualTo(200);
        assertThat(post(padded + " ", "Authorization: Bearer alice").status()).isEqualTo(413);
        assertThat(chunked(padded).status()).isEqualTo(200);
        Response refused = chunked(padded + " ");
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.body()).contains("max_body_bytes");
    }

    private Response chunked(String body) {
        StringBuilder chunks = new StringBuilder();
        for (int i = 0; i < body.length(); i += 1_000) {
            String part = body.substring(i, Math.min(body.length(), i + 1_000));
            chunks.append(Integer.toHexString(part.length()))
                    .append("\r\n")
                    .append(part)
                    .append("\r\n");
        }
        return send("POST", "Transfer-Encoding: chunked\r\n", chunks + "0\r\n\r\n", "Authorization: Bearer alice");
    }

    @Test
    void aBodyThatComesInPiecesIsRead() {
        try (RawTcp client = open()) {
            client.sends(("POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Authorization: Bearer alice\r\nContent-Length: " + JSON.length() + "\r\n\r\n")
                    .getBytes(ISO_8859_1));
            for (byte each : JSON.getBytes(ISO_8859_1)) {
                client.sends(new byte[] {each});
            }
            assertThat(RawWebSocket.response(client).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void anotherMethodIsNotAllowed(String method) {
        assertThat(send(method, "", "").status()).isEqualTo(405);
    }

    @Test
    void theRestOfTheApiIsNotHere() {
        try (RawTcp client = open()) {
            client.sends("GET /api/v1/overview HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(RawWebSocket.response(client).status()).isEqualTo(404);
        }
    }

    @Test
    void aSecondRequestOfTheConnectionIsNotAnswered() {
        String one = "POST /api/v1/publish HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer alice\r\nContent-Length: " + JSON.length() + "\r\n\r\n" + JSON;
        try (RawTcp client = open()) {
            client.sends((one + one).getBytes(ISO_8859_1));
            assertThat(RawWebSocket.response(client).header("Connection")).containsExactly("close");
            client.ended();
        }
    }

    @Test
    void webSocketsGoOnToTheHandshake() {
        try (RawWebSocket client = RawWebSocket.open(open())) {
            client.connects();
        }
        Await.until("the client has gone", () -> server.broker().sessionCount() == 0);
    }

    @Test
    void itNeedsAnExtension() {
        assertThatThrownBy(
                        () -> FanfareServer.builder().port(0).httpPublish(true).start())
                .hasMessageContaining("http_publish");
    }
}
