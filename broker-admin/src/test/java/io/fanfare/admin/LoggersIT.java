package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.admin.logging.LogLevel;
import io.fanfare.admin.logging.LogLevels;
import io.fanfare.testing.Await;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Levels of loggers over HTTP, with loggers that are a map. */
class LoggersIT {

    private final Map<String, LogLevel> own = new LinkedHashMap<>(Map.of("ROOT", LogLevel.INFO));

    private final LogLevels levels = new LogLevels() {
        @Override
        public Map<String, LogLevel> all() {
            return Map.copyOf(own);
        }

        @Override
        public LogLevel effective(String name) {
            return own.getOrDefault(name, own.getOrDefault("ROOT", LogLevel.INFO));
        }

        @Override
        public void set(String name, Optional<LogLevel> level) {
            level.ifPresentOrElse(each -> own.put(name, each), () -> own.remove(name));
        }
    };

    private ApiServer server() {
        return new ApiServer(options -> options.http(new AdminApi().withLogLevels(levels)));
    }

    @Test
    void aLevelIsSetSeenAndTakenBack() {
        try (ApiServer server = server()) {
            String path = "/loggers/io.fanfare.connections";
            assertThat(server.get(path).json().toString())
                    .isEqualTo("{\"name\":\"io.fanfare.connections\",\"level\":null,\"effective\":\"INFO\"}");
            assertThat(server.send("PUT", path, "{\"level\":\"debug\"}")
                            .json()
                            .get("effective")
                            .asText())
                    .isEqualTo("DEBUG");
            assertThat(own).containsEntry("io.fanfare.connections", LogLevel.DEBUG);
            assertThat(server.get("/loggers").json().get("items")).hasSize(2);
            assertThat(server.send("PUT", path, "{\"level\":null}")
                            .json()
                            .get("level")
                            .isNull())
                    .isTrue();
            assertThat(own).containsOnlyKeys("ROOT");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "io.fanfare, '{\"level\":\"LOUD\"}', 422",
        "io.fanfare, '{\"level\":1}', 422",
        "io.fanfare, '{}', 422",
        "io.fanfare, '{\"level\":\"INFO\",\"x\":1}', 422",
        "ROOT, '{\"level\":null}', 422",
        "a%2Fb, '{\"level\":\"INFO\"}', 404",
        "io..fanfare, '{\"level\":\"INFO\"}', 404",
        "io.fanfare, '{', 400"
    })
    void whatIsNoLevelOrNoLoggerIsRefused(String name, String body, int status) {
        try (ApiServer server = server()) {
            assertThat(server.send("PUT", "/loggers/" + name, body).status()).isEqualTo(status);
            assertThat(own).containsOnlyKeys("ROOT");
        }
    }

    @Test
    void aProcessThatHasNotSaidHowItLogsHasNone() {
        try (ApiServer server = new ApiServer()) {
            assertThat(server.get("/loggers").status()).isEqualTo(404);
            assertThat(server.get("/loggers/ROOT").detail()).contains("has not said");
            Await.until("it is still there", () -> server.get("/overview").status() == 200);
        }
    }
}
