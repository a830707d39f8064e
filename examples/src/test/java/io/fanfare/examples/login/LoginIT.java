package io.fanfare.examples.login;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.fanfare.examples.web.PageServer;
import io.fanfare.examples.web.Route.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoginIT {

    private static final List<Account> ACCOUNTS =
            List.of(Account.of("alice", "wonderland", "moderator"), Account.of("bob", "the-builder"));

    private final TokenIssuer tokens = TokenIssuer.open(Duration.ofSeconds(60));
    private final Login login = new Login(
            "test",
            ACCOUNTS,
            tokens,
            account -> account.name().equals("bob") ? Optional.of(Answer.refused(403, "not now")) : Optional.empty());
    private final PageServer server = login.addTo(PageServer.of("notifications", URI.create("ws://127.0.0.1:1/ws")))
            .start(0);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
        tokens.close();
    }

    @Test
    void aSessionGivesTokensWithNameAndRolesForAMinute() throws Exception {
        String cookie = cookie("alice", "wonderland");
        HttpResponse<String> answer = post("token", "{'user':'alice'}", cookie);
        assertThat(answer.statusCode()).isEqualTo(200);
        String token = answer.body().replaceAll(".*\"token\":\"([^\"]+)\".*", "$1");
        JWTClaimsSet claims = SignedJWT.parse(token).getJWTClaimsSet();
        assertThat(claims.getSubject()).isEqualTo("alice");
        assertThat(claims.getStringListClaim("roles")).containsExactly("moderator");
        Instant expires = claims.getExpirationTime().toInstant();
        assertThat(expires)
                .isBetween(Instant.now().plusSeconds(30), Instant.now().plusSeconds(60));
        assertThat(answer.body()).contains("\"expires\":" + expires.toEpochMilli());
    }

    @Test
    void aWrongNameAndAWrongPasswordAreToldTheSame() throws Exception {
        for (String wrong : List.of(
                "{'user':'alice','password':'the-builder'}",
                "{'user':'mallory','password':''}",
                "{'user':'alice'}",
                "[]",
                "no JSON")) {
            HttpResponse<String> answer = post("login", wrong, "");
            assertThat(answer.statusCode()).as(wrong).isEqualTo(401);
            assertThat(answer.body()).isEqualTo("{\"message\":\"Name or password is wrong.\"}");
            assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void theCookieIsForThisServerAndForNoScript() throws Exception {
        HttpResponse<String> answer = post("login", "{'user':'alice','password':'wonderland'}", "");
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .matches("test-alice=[0-9a-f]{32}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict");
    }

    @Test
    void aSessionIsOneUsersAlone() throws Exception {
        String cookie = cookie("alice", "wonderland");
        assertThat(post("token", "{'user':'bob'}", cookie).statusCode()).isEqualTo(401);
        // nor under another name
        String forged = cookie.replace("test-alice", "test-bob");
        assertThat(post("token", "{'user':'bob'}", forged).statusCode()).isEqualTo(401);
        assertThat(post("sessions", "{}", cookie).body()).contains("alice").doesNotContain("bob");
        assertThat(post("sessions", "{}", forged).body()).isEqualTo("[]");
        assertThat(post("token", "{'user':'alice'}", "").statusCode()).isEqualTo(401);
    }

    @Test
    void aUserWithASessionMayBeRefusedATokenAllTheSame() throws Exception {
        HttpResponse<String> answer = post("token", "{'user':'bob'}", cookie("bob", "the-builder"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo("{\"message\":\"not now\"}");
    }

    @Test
    void loggingOutEndsTheSession() throws Exception {
        String cookie = cookie("alice", "wonderland");
        HttpResponse<String> answer = post("logout", "{'user':'alice'}", cookie);
        assertThat(answer.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("test-alice=; Path=/; Max-Age=0");
        assertThat(post("token", "{'user':'alice'}", cookie).statusCode()).isEqualTo(401);
    }

    private String cookie(String user, String password) throws IOException, InterruptedException {
        return post("login", "{'user':'" + user + "','password':'" + password + "'}", "")
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow()
                .split(";", -1)[0];
    }

    private HttpResponse<String> post(String path, String json, String cookie)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json.replace('\'', '"')));
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
