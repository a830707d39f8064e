package io.fanfare.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.auth.JwtAuthenticator;
import io.fanfare.auth.JwtOptions;
import io.fanfare.auth.KeySource;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.server.FanfareServer;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The module for pages of {@code clients/js}: its own tests against a scripted broker, and the module against a real one. */
class LiveIT {

    private static final long DEADLINE_MINUTES = 3;

    @BeforeAll
    static void needNode() {
        Needs.node();
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "reconnect", "features", "presence", "tokens", "package"})
    void itsOwnTestsPass(String name) throws Exception {
        run(name, "");
    }

    @Test
    void itFollowsTopicsOfARealServer() throws Exception {
        try (FanfareServer server = FanfareServer.builder().port(0).start()) {
            run("server", server.webSocketUri().toString());
        }
    }

    @Test
    void itTakesSnapshotsAndResumesWithARealServer() throws Exception {
        BrokerOptions options = BrokerOptions.builder()
                .topics(t -> t.rules(List.of(
                        TopicRule.of("/topic/kept.#").retainByKey("symbol").history(20),
                        TopicRule.of("/topic/last.#").retainByKey("symbol"))))
                .build();
        try (FanfareServer server =
                FanfareServer.builder().port(0).broker(options).start()) {
            run("keeping", server.webSocketUri().toString());
        }
    }

    @Test
    void itKnowsWhoIsThereAtARealServer() throws Exception {
        BrokerOptions options = BrokerOptions.builder()
                .topics(t -> t.rules(
                        List.of(TopicRule.of("/topic/room.#").retainLast().withPresence())))
                .build();
        try (FanfareServer server =
                FanfareServer.builder().port(0).broker(options).start()) {
            run("members", server.webSocketUri().toString());
        }
    }

    @Test
    void itRenewsTokensAtARealServer(@TempDir Path folder) throws Exception {
        String secret = "the key that tokens are signed with, 32 bytes and more";
        Path key = Files.writeString(folder.resolve("key"), secret);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        try (JwtAuthenticator tokens = new JwtAuthenticator(JwtOptions.of(new KeySource.SecretFile(key)));
                FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .broker(BrokerOptions.builder()
                                .auth(auth -> auth.authenticator(tokens))
                                .build())
                        .start()) {
            run("renewal", Map.of("FANFARE_URI", server.webSocketUri().toString(), "FANFARE_SECRET", secret));
        }
    }

    private static void run(String name, String uri) throws IOException, InterruptedException {
        run(name, Map.of("FANFARE_URI", uri));
    }

    private static void run(String name, Map<String, String> environment) throws IOException, InterruptedException {
        Path folder = NodeModules.LIVE.directory();
        Path log = folder.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("node", "--test", "--test-reporter=spec", "test/" + name + ".test.mjs"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process node = Launch.inTurn(builder::start);
        try {
            assertThat(node.waitFor(DEADLINE_MINUTES, TimeUnit.MINUTES))
                    .as("node has ended")
                    .isTrue();
            String said = Files.readString(log, UTF_8);
            assertThat(node.exitValue()).as("exit code; %s", said).isZero();
            assertThat(said).as("tests that ran").doesNotContain("ℹ pass 0").contains("ℹ skipped 0");
        } finally {
            node.destroyForcibly();
        }
    }
}
