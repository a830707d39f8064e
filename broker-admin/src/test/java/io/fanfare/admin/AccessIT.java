package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.admin.ApiServer.Answer;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.AuthenticationException;
import io.fanfare.security.AuthenticationUnavailableException;
import io.fanfare.security.Authenticator;
import io.fanfare.security.Authorizer.Action;
import io.fanfare.security.Principal;
import io.fanfare.security.Rule;
import io.fanfare.security.Rules;
import io.fanfare.server.AddressRange;
import io.fanfare.server.FanfareServerBuilder;
import io.fanfare.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests the API lets in. */
class AccessIT {

    private static final String TOKEN = "correct-horse-battery";

    /** Users with a password or a token that is their name and more. */
    private static final Authenticator USERS = credentials -> {
        String bearer = credentials.authorization();
        String name = bearer == null ? String.valueOf(credentials.login()) : bearer.substring("Bearer ".length());
        if (name.equals("busy")) {
            return CompletableFuture.failedFuture(new AuthenticationUnavailableException("busy"));
        }
        boolean isRight = bearer != null || (name + "-secret").equals(credentials.passcode());
        Set<String> roles = name.equals("root") ? Set.of("admin") : Set.of("trader");
        return isRight && Set.of("root", "alice").contains(name)
                ? CompletableFuture.completedFuture(new Principal(name, roles, Map.of(), null))
                : CompletableFuture.failedFuture(new AuthenticationException("the password is wrong"));
    };

    @TempDir
    Path folder;

    private Path tokens(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private ApiServer withToken() throws IOException {
        Path file = tokens("# of the back end\n" + TOKEN + "\n");
        return new ApiServer(builder -> builder.admin(a -> a.tokensFile(Optional.of(file))));
    }

    private static ApiServer withUsers() {
        return new ApiServer(users());
    }

    private static UnaryOperator<FanfareServerBuilder> users() {
        return builder -> builder.broker(BrokerOptions.builder()
                .auth(a -> a.authenticator(USERS)
                        .authorizer(Rules.of(Rule.allow(Action.SEND, "/topic/a").forUsers("alice"))))
                .build());
    }

    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Test
    void aTokenOfTheConfigurationIsAnOperators() throws IOException {
        try (ApiServer server = withToken()) {
            assertThat(server.get("/overview", "Authorization", "Bearer " + TOKEN)
                            .status())
                    .isEqualTo(200);
            assertThat(server.get("/overview", "Authorization", "bearer  " + TOKEN)
                            .status())
                    .isEqualTo(200);
            assertThat(server.post("/publish", "{'destination':'/topic/a'}", "Authorization", "Bearer " + TOKEN)
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer correct-horse-batterz",
                "Bearer correct-horse-batter",
                "Bearer",
                "Bearer ",
                "correct-horse-battery",
                "Basic Og==",
                "Basic *",
                "Digest x"
            })
    @DisplayName("case 88: a wrong token is 401 and nothing else")
    void aWrongTokenIsUnauthorizedAndLearnsNothing(String authorization) throws IOException {
        try (ApiServer server = withToken()) {
            Answer answer = server.get("/overview", "Authorization", authorization);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.json().toString()).isEqualTo("{\"title\":\"Unauthorized\",\"status\":401}");
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer", "Basic");
            assertThat(server.get("/nothing", "Authorization", authorization).status())
                    .as("a path that does not exist")
                    .isEqualTo(401);
            assertThat(server.post("/publish", "{", "Authorization", authorization)
                            .status())
                    .as("a broken body")
                    .isEqualTo(401);
        }
    }

    @Test
    @DisplayName("case 88: no credentials are 401")
    void noCredentialsAreUnauthorized() throws IOException {
        try (ApiServer server = withToken()) {
            assertThat(server.get("/overview").status()).isEqualTo(401);
            assertThat(server.get("/openapi.yaml").status()).isEqualTo(200);
        }
    }

    @Test
    void aUserOfTheRoleAdminMayDoAll() {
        try (ApiServer server = withUsers()) {
            assertThat(server.get("/overview", "Authorization", basic("root:root-secret"))
                            .status())
                    .isEqualTo(200);
            assertThat(server.get("/overview", "Authorization", "Bearer root").status())
                    .isEqualTo(200);
        }
    }

    @Test
    @DisplayName("case 88: a user without the role is 403")
    void aUserWithoutTheRoleIsForbidden() {
        try (ApiServer server = withUsers()) {
            assertThat(server.get("/overview", "Authorization", basic("alice:alice-secret"))
                            .status())
                    .isEqualTo(403);
            assertThat(server.delete("/queues/a", "Authorization", "Bearer alice")
                            .status())
                    .isEqualTo(403);
        }
    }

    @Test
    void aUserPublishesWhereSendIsAllowed() {
        try (ApiServer server = withUsers()) {
            assertThat(server.post("/publish", "{'destination':'/topic/a'}", "Authorization", "Bearer alice")
                            .status())
                    .isEqualTo(200);
            Answer answer = server.post("/publish", "{'destination':'/topic/b'}", "Authorization", "Bearer alice");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.detail()).contains("/topic/b");
            assertThat(server.post("/publish", "{'destination':'/topic/a'}", "Authorization", "Bearer root")
                            .status())
                    .as("an admin who may not send")
                    .isEqualTo(403);
        }
    }

    @Test
    void aWrongPasswordIsUnauthorized() {
        try (ApiServer server = withUsers()) {
            Answer answer = server.get("/overview", "Authorization", basic("root:wrong"));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.json().has("detail")).isFalse();
        }
    }

    @Test
    void anAuthenticatorThatCannotTellIsUnavailable() {
        try (ApiServer server = withUsers()) {
            Answer answer = server.get("/overview", "Authorization", "Bearer busy");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isNotEmpty();
        }
    }

    @Test
    void otherMachinesNeedALogin() {
        try (ApiServer server = new ApiServer(builder -> builder.admin(a -> a.allowRemote(true)))) {
            Answer answer = server.get("/overview");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.detail()).contains("admin.tokens_file");
        }
    }

    @Test
    void otherMachinesNeedTls() {
        try (ApiServer server = new ApiServer(
                builder -> users().apply(builder).admin(a -> a.allowRemote(true).host("0.0.0.0")))) {
            Answer answer = server.get("/overview", "Authorization", "Bearer root");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.detail()).contains("admin.tls");
        }
    }

    @Test
    void aProxyOnThisMachineBringsItsOwnTls() {
        try (ApiServer server = new ApiServer(builder -> users().apply(builder).admin(a -> a.allowRemote(true)))) {
            assertThat(server.get("/overview", "Authorization", "Bearer root").status())
                    .isEqualTo(200);
            assertThat(server.get("/overview").status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "fifteen-letters\n"})
    void aFileWithoutAProperTokenIsRefused(String text) throws IOException {
        Path file = tokens(text);
        assertThatThrownBy(() -> new ApiServer(builder -> builder.admin(a -> a.tokensFile(Optional.of(file)))))
                .hasMessageContaining("admin.tokens_file");
    }

    @Test
    void aTokenCountsFromTheMomentThatItsFileHasIt() throws IOException {
        Path file = tokens(TOKEN + "\n");
        try (ApiServer server = new ApiServer(builder -> builder.admin(a -> a.tokensFile(Optional.of(file))))) {
            Files.writeString(file, "another-horse-battery\n");
            // the old one, which is no failed login while it counts
            Await.until("the end of the old token", () -> status(server, TOKEN) == 401);
            assertThat(status(server, "another-horse-battery")).isEqualTo(200);
        }
    }

    private static int status(ApiServer server, String token) {
        return server.get("/overview", "Authorization", "Bearer " + token).status();
    }

    @Test
    void anAddressWhoseLoginsHaveFailedWaitsThoughTheNextOneIsRight() throws IOException {
        Path file = tokens(TOKEN + "\n");
        AtomicLong nanos = new AtomicLong();
        try (ApiServer server = new ApiServer(
                builder -> builder.admin(a -> a.tokensFile(Optional.of(file))).http(new AdminApi(nanos::get)))) {
            for (int i = 0; i < FailedLogins.BURST; i++) {
                assertThat(status(server, "wrong-horse-battery-" + i)).isEqualTo(401);
            }
            Answer answer = server.get("/overview", "Authorization", "Bearer " + TOKEN);
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.detail()).isEqualTo("too many logins from this address have failed");
            assertThat(answer.header("Retry-After")).isEqualTo("6");
            assertThat(server.get("/overview").status()).as("no credentials").isEqualTo(401);
            nanos.addAndGet(FailedLogins.INTERVAL.toNanos());
            assertThat(status(server, TOKEN)).isEqualTo(200);
        }
    }

    @Test
    void passwordsOfUsersAreLimitedTooByTheAddressThatATrustedProxyTells() {
        try (ApiServer server = new ApiServer(builder -> users().apply(builder)
                .proxies(p -> p.trustedProxies(List.of(AddressRange.parse("127.0.0.1"))))
                .http(new AdminApi(() -> 0)))) {
            for (int i = 0; i < FailedLogins.BURST; i++) {
                assertThat(loginFrom("192.0.2.1", "root:wrong", server)).isEqualTo(401);
            }
            assertThat(loginFrom("192.0.2.1", "root:root-secret", server)).isEqualTo(429);
            assertThat(loginFrom("192.0.2.2", "root:wrong", server)).isEqualTo(401);
            assertThat(loginFrom("192.0.2.2", "root:root-secret", server)).isEqualTo(200);
        }
    }

    private static int loginFrom(String address, String login, ApiServer server) {
        return server.get("/overview", "Authorization", basic(login), "X-Forwarded-For", address)
                .status();
    }

    @Test
    void aFileThatAllUsersMayReadIsRefused() throws IOException {
        Path file = tokens(TOKEN);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> new ApiServer(builder -> builder.admin(a -> a.tokensFile(Optional.of(file)))))
                .hasMessageContaining("chmod");
    }
}
