package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Credentials;
import io.fanfare.security.Principal;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.testing.RawTcp;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Credentials and permissions of event streams: those of CONNECT and SUBSCRIBE. A token is a name and the seconds it lasts. */
class EventStreamLoginIT {

    private static final Rules RULES = new Rules(List.of(
            Rule.allow(Action.SUBSCRIBE, "/topic/prices.#"), Rule.deny(Action.SUBSCRIBE, "/topic/prices.secret")));

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest(builder -> builder.broker(BrokerOptions.builder()
            .auth(a -> a.authenticator(EventStreamLoginIT::authenticate).authorizer(RULES))
            .build()));

    private static CompletionStage<Principal> authenticate(Credentials credentials) {
        return CompletableFuture.supplyAsync(() -> {
            String bearer = credentials.handshake().headers().getOrDefault("authorization", "");
            String cookie = credentials.handshake().headers().getOrDefault("cookie", "");
            String text = bearer.startsWith("Bearer ") ? bearer.substring(7) : cookie.replace("session=", "");
            if ("alice".equals(credentials.login()) && "secret".equals(credentials.passcode())) {
                text = "alice/3600";
            }
            String[] token = text.split("/");
            if (token.length < 2) {
                throw new AuthenticationException("no token");
            }
            return new Principal(token[0], Set.of(), Map.of(), Instant.now().plusSeconds(Long.parseLong(token[1])));
        });
    }

    private static EventStream get(String destination, String... requestLines) {
        return EventStream.get(SERVER.http(), "/sse?destination=" + destination, requestLines);
    }

    @Test
    void withoutCredentialsThereIsA401ThatAsksForAToken() {
        EventStream stream = get("/topic/prices.a");

        assertThat(stream.header("www-authenticate")).isEqualTo("Bearer");
        stream.refused(401, "does not accept these credentials");
    }

    @Test
    void tokensCookiesAndPasscodesAreThoseOfOtherClients() {
        String basic = Base64.getEncoder().encodeToString("alice:secret".getBytes(UTF_8));
        get("/topic/prices.a", "Authorization: Bearer alice/3600").begins();
        get("/topic/prices.a", "Cookie: session=alice/3600").begins();
        get("/topic/prices.a", "Authorization: Basic " + basic).begins();
        get("/topic/prices.a", "Authorization: Basic !").refused(400, "base64");
    }

    @Test
    void aTokenInTheQueryIsNoParameter() {
        get("/topic/prices.a&token=alice/3600").refused(400, "there is no parameter 'token'");
    }

    @Test
    void eachDestinationMustBeAllowed() {
        get("/topic/prices.secret", "Authorization: Bearer alice/3600")
                .refused(403, "you may not SUBSCRIBE", "/topic/prices.secret");
        get("/topic/prices.a&destination=/topic/other", "Authorization: Bearer alice/3600")
                .refused(403, "/topic/other");
    }

    @Test
    void aStreamEndsWithItsToken() {
        EventStream stream =
                get("/topic/prices.a", "Authorization: Bearer alice/1").begins();

        assertThat(stream.next()).startsWith("event: close\ndata: {\"code\":4401,\"reason\":\"session expired\"");
        stream.ended();
    }

    @Test
    void aStreamEndsWhenItsPermissionDoes() {
        EventStream stream =
                get("/topic/prices.a", "Authorization: Bearer alice/3600").begins();
        try {
            RULES.replace(List.of());
            SERVER.broker().permissionsChanged();
            assertThat(stream.next()).startsWith("event: close\ndata: {\"code\":1008,");
            stream.ended();
        } finally {
            RULES.replace(List.of(
                    Rule.allow(Action.SUBSCRIBE, "/topic/prices.#"),
                    Rule.deny(Action.SUBSCRIBE, "/topic/prices.secret")));
        }
    }

    @Test
    void anAuthenticatorThatNeverAnswersIsA503() {
        try (FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .tcpPort(ServerOptions.OFF)
                        .broker(BrokerOptions.builder()
                                .auth(a -> a.authenticator(credentials -> new CompletableFuture<>())
                                        .authenticationTimeout(Duration.ofMillis(100)))
                                .build())
                        .start();
                RawTcp tcp = RawTcp.connect(server.webSocketPort())) {
            EventStream.get(tcp, "/sse?destination=/topic/a").refused(503, "try again later");
        }
    }
}
