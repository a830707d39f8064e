package io.fanfare.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.HeartBeat;
import io.fanfare.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads server options from a file and the environment. */
class ConfigurationTest {

    @TempDir
    Path folder;

    // ---- what is understood ---------------------------------------------------------------------------------------

    @Test
    void fileSaysWhatIsDifferent() throws IOException {
        ServerOptions options = options("""
                # all but these are defaults
                listen:
                  host: localhost
                  port: 0
                  stomp_port: off
                  origins: [https://a.example, same-origin]
                heart_beat:
                  send: off
                  receive: 500ms
                limits:
                  login_timeout: 1m
                  max_frame_bytes: 64KiB
                  max_headers: 7
                queues:
                memory:
                  max_memory_bytes: 25%
                """);

        assertThat(options.listen().host()).isEqualTo("localhost");
        assertThat(options.listen().port()).isZero();
        assertThat(options.listen().tcpPort()).isEqualTo(ServerOptions.OFF);
        assertThat(options.listen().origins().allowed()).containsExactly("https://a.example", "same-origin");
        assertThat(options.broker().heartBeat().heartBeat())
                .isEqualTo(new HeartBeat(Duration.ZERO, Duration.ofMillis(500)));
        assertThat(options.broker().auth().loginTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.broker().limits().frameLimits().maxFrameBytes()).isEqualTo(65_536);
        assertThat(options.broker().limits().frameLimits().maxHeaders()).isEqualTo(7);
        assertThat(options.broker().memory().maxMemoryBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory() * 25 / 100);
        assertThat(options.listen().path()).isEqualTo(ServerOptions.DEFAULT_PATH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# nothing\n", "---\n", "limits:\n", "{}", "\uFEFFlimits: {}\n"})
    void fileMayBeEmpty(String yaml) throws IOException {
        assertThat(options(yaml)).isEqualTo(Draft.ofDefaults().options());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limits: {max_headers: 7}",
                "limits.max_headers: 7",
                "limits:\n    max_headers: '7'",
                "limits:\r\n  max_headers: 7\r\n",
                "{\"limits\": {\"max_headers\": 7}}"
            })
    void keyMayBeWrittenInSeveralWays(String yaml) throws IOException {
        assertThat(options(yaml).broker().limits().frameLimits().maxHeaders()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "512B,512", "64KiB,65536", "64kib,65536", "4MiB,4194304", "1GiB,1073741824"})
    void sizesHaveUnits(String written, int bytes) throws IOException {
        assertThat(options("limits.max_frame_bytes: " + written)
                        .broker()
                        .limits()
                        .frameLimits()
                        .maxFrameBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"1ms,PT0.001S", "1500ms,PT1.5S", "10s,PT10S", "2m,PT2M", "3h,PT3H", "1d,PT24H"})
    void timesHaveUnits(String written, Duration time) throws IOException {
        assertThat(options("limits.login_timeout: " + written).broker().auth().loginTimeout())
                .isEqualTo(time);
    }

    @Test
    void oneOriginNeedsNoList() throws IOException {
        assertThat(options("listen: {origins: 'https://a.example, *'}")
                        .listen()
                        .origins()
                        .allowed())
                .containsExactly("https://a.example", "*");
    }

    // ---- who wins -------------------------------------------------------------------------------------------------

    @Test
    void environmentWinsOverTheFileAndTheFileOverTheDefault() throws IOException {
        Configuration configuration = new Configuration();
        configuration.readFile(file("limits: {max_headers: 7, max_subscriptions: 7}"));
        configuration.readEnvironment(Map.of("FANFARE_LIMITS_MAX_HEADERS", "9", "FANFARE_LISTEN_ORIGINS", "*,null"));
        ServerOptions options = configuration.server().options();

        assertThat(options.broker().limits().frameLimits().maxHeaders()).isEqualTo(9);
        assertThat(options.broker().limits().maxSubscriptions()).isEqualTo(7);
        assertThat(options.broker().limits().maxTransactions()).isEqualTo(16);
        assertThat(options.listen().origins().allowed()).containsExactly("*", "null");
    }

    @Test
    void emptyVariableIsNone() {
        Configuration configuration = new Configuration();
        configuration.readEnvironment(Map.of("FANFARE_LISTEN_PORT", "", "FANFARE_NONE", " ", "HOME", "/"));

        assertThat(configuration.server().options())
                .isEqualTo(Draft.ofDefaults().options());
    }

    @Test
    void linksThatKubernetesMakesAreNotOurs() {
        Configuration configuration = new Configuration();
        configuration.readEnvironment(Map.of(
                "FANFARE_SERVICE_HOST", "10.0.0.1",
                "FANFARE_SERVICE_PORT", "15674",
                "FANFARE_SERVICE_PORT_STOMP", "61613",
                "FANFARE_PORT", "tcp://10.0.0.1:15674",
                "FANFARE_PORT_15674_TCP", "tcp://10.0.0.1:15674",
                "FANFARE_PORT_15674_TCP_ADDR", "10.0.0.1",
                "FANFARE_ADMIN_SERVICE_HOST", "10.0.0.2"));

        assertThat(configuration.server().options())
                .isEqualTo(Draft.ofDefaults().options());
    }

    private ServerOptions options(String yaml) throws IOException {
        Configuration configuration = new Configuration();
        configuration.readFile(file(yaml));
        return configuration.server().options();
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("fanfare.yaml"), yaml);
    }
}
