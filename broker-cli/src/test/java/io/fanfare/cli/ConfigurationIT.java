package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the jar with a configuration: precedence, limits, refusals, users file. */
class ConfigurationIT {

    @Test
    void flagWinsOverEnvironmentOverFileOverDefault(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), """
                listen:
                  port: 0
                  stomp_port: off
                  path: /file
                admin.port: off
                limits:
                  max_headers: 5
                  max_subscriptions: 5
                """);
        Map<String, String> environment =
                Map.of("FANFARE_LISTEN_PATH", "/environment", "FANFARE_LIMITS_MAX_HEADERS", "4");
        try (Fanfare serve = Fanfare.run(environment, "serve", "-c", file.toString(), "--path", "/flag")) {
            String url =
                    serve.printed("ready ws=(\\S+:\\d+/flag) tcp=off admin=off").group(1);

            assertThatThrownBy(() -> send(url, 5)).hasMessageContaining("its limit is 4 (max_headers)");
        }
        try (Fanfare serve = Fanfare.run(environment, "serve", "-c", file.toString())) {
            serve.printed("ready ws=\\S+/environment tcp=off admin=off");
        }
        try (Fanfare serve = Fanfare.run("serve", "-c", file.toString())) {
            String url = serve.printed("ready ws=(\\S+/file) tcp=off admin=off").group(1);

            assertThatThrownBy(() -> send(url, 6)).hasMessageContaining("its limit is 5 (max_headers)");
        }
    }

    /** Sends a frame with this number of headers. */
    private static void send(String url, int headers) {
        Headers.Builder all = Headers.builder();
        for (int i = 0; i < headers; i++) {
            all.add("h" + i, "x");
        }
        try (StompClient client = StompClient.connect(URI.create(url))) {
            client.send("/topic/a", all.build(), new byte[0]).join();
        }
    }

    @Test
    @DisplayName("case 87: serve does not start with a bad configuration")
    void badConfigurationDoesNotStart(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("fanfare.yaml"), "listen:\n  port: true\n");
        try (Fanfare serve = Fanfare.run(Map.of("FANFARE_LISTEN_HOTS", "x"), "serve", "-c", file.toString())) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.err())
                    .containsExactly(
                            "fanfare: " + file + ":2:9: listen.port must be a number from 0 to 65535, not 'true'",
                            "fanfare: FANFARE_LISTEN_HOTS: unknown variable 'FANFARE_LISTEN_HOTS';"
                                    + " did you mean FANFARE_LISTEN_HOST?",
                            "Try: fanfare config default");
            assertThat(serve.out()).isEmpty();
        }
    }

    @Test
    void defaultConfigurationOfTheJarPassesItsCheck(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("fanfare.yaml");
        try (Fanfare config = Fanfare.run("config", "default")) {
            assertThat(config.exitCode()).isZero();
            assertThat(config.err()).isEmpty();
            Files.write(file, config.out());
        }
        try (Fanfare check = Fanfare.run("config", "check", file.toString())) {
            assertThat(check.exitCode()).isZero();
            assertThat(check.out()).containsExactly("ok");
        }
    }

    @Test
    void usersFileOfTheConfigurationLetsItsUsersInAndNobodyElse(@TempDir Path folder) throws IOException {
        Path users = folder.resolve("users");
        try (Fanfare hash = Fanfare.run("user", "hash", "alice")) {
            hash.types("correct horse\n").endsInput().succeeds();
            Files.write(users, hash.out());
        }
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
        Path config = Files.writeString(folder.resolve("fanfare.yaml"), "auth:\n  users_file: users\n");
        try (Fanfare serve = Fanfare.serve("-c", config.toString())) {
            String url = serve.url();
            assertThat(pubAs("alice", "correct horse", url).exitCode()).isZero();
            try (InProcess refused = pubAs("alice", "wrong horse", url)) {
                assertThat(refused.exitCode()).isEqualTo(4);
                assertThat(refused.err())
                        .satisfiesExactly(
                                sentence -> assertThat(sentence).contains("authentication failed"),
                                remedy -> assertThat(remedy).startsWith("Try: --login USER and --passcode WORD"));
            }
            serve.complained(
                    ".* INFO +Authentication login refused peer=127\\.0\\.0\\.1:\\d+ login='alice' reason=wrong passcode");
            assertThat(serve.err()).noneMatch(line -> line.contains("horse"));
        }
    }

    private static InProcess pubAs(String login, String passcode, String url) {
        return InProcess.run(
                "pub", "-d", "/topic/a", "-m", "hi", "--login", login, "--passcode", passcode, "--url", url);
    }
}
