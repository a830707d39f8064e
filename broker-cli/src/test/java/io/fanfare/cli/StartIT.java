package io.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a broker loads until it is ready: the start takes as long as that. */
class StartIT {

    @TempDir
    private Path folder;

    @Test
    void aBrokerIsReadyWithoutWhatOnlyRequestsAndConfigurationsNeed() throws IOException {
        assertThat(loadedByAStart())
                .anyMatch(line -> line.contains(" io.fanfare.server.FanfareServer "))
                .noneMatch(line -> line.contains(" io.micrometer.") || line.contains(" io.prometheus."))
                .noneMatch(line -> line.contains(" io.nats."))
                .noneMatch(line -> line.contains(" com.fasterxml.jackson.databind.ser.std."))
                .noneMatch(line -> line.contains(" io.fanfare.cli.config.Settings "))
                .noneMatch(line -> line.contains(" ch.qos.logback.classic.PatternLayout "))
                // it would come with the names of months of all languages
                .noneMatch(line -> line.contains(" sun.util.cldr."));
    }

    @Test
    void theArchiveHasTheClassesOfAStart() throws IOException {
        assertThat(Fanfare.ARCHIVE).exists();

        // generated classes are in no archive
        assertThat(loadedByAStart())
                .filteredOn(line -> line.contains("source: file:") || line.contains("source: jrt:"))
                .hasSizeLessThan(10);
    }

    private List<String> loadedByAStart() throws IOException {
        Path loaded = folder.resolve("loaded");
        Map<String, String> options = Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + loaded);
        try (Fanfare serve = Fanfare.run(options, "serve", "--port=0", "--stomp-port=0", "--admin-port=0")) {
            serve.url();
            return Files.readAllLines(loaded);
        }
    }
}
