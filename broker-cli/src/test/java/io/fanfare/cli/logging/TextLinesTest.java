package io.fanfare.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines of the log as text. */
class TextLinesTest {

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}";

    private static String line(Level level, Throwable thrown, String logger, String message, Object... arguments) {
        LoggingEvent event =
                new LoggingEvent("test", new LoggerContext().getLogger(logger), level, message, thrown, arguments);
        return new String(new TextLines().encode(event), UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"INFO, 'INFO  '", "WARN, 'WARN  '", "ERROR, 'ERROR '", "TRACE, 'TRACE '"})
    void aLineIsTimeLevelLoggerAndMessage(String level, String padded) {
        assertThat(line(Level.toLevel(level), null, "io.fanfare.connections", "closed conn={} code={}", "c1", 1000))
                .matches(TIME + " " + padded + "connections closed conn=c1 code=1000" + System.lineSeparator());
    }

    @Test
    void aLoggerWithoutAPackageHasItsWholeName() {
        assertThat(line(Level.INFO, null, "audit", "x")).contains(" INFO  audit x");
    }

    @Test
    void aMessageIsOneLineWhateverIsInIt() {
        assertThat(line(Level.INFO, null, "a.b", "user={}", "x\r\n2026-01-01T00:00:00.000 INFO  b forged é"))
                .matches(TIME + " INFO  b user=x\\\\n\\\\n2026-01-01T00:00:00\\.000 INFO  b forged é\\R");
    }

    @Test
    void theTraceOfAnExceptionFollows() {
        assertThat(line(Level.ERROR, new IllegalStateException("why", new RuntimeException("cause")), "a.b", "bug"))
                .matches(
                        "(?s)" + TIME + " ERROR b bug\\R"
                                + "java\\.lang\\.IllegalStateException: why\\R\tat .*Caused by: java.lang.RuntimeException: cause\\R.*");
    }

    @Test
    void eachLineHasItsOwnTime() {
        TextLines lines = new TextLines();
        assertThat(List.of(1_000_007L, 1_000_120L, 1_001_999L, 1_000_007L))
                .extracting(millis -> {
                    LoggingEvent event = new LoggingEvent();
                    event.setLevel(Level.INFO);
                    event.setLoggerName("a");
                    event.setMessage("x");
                    event.setInstant(Instant.ofEpochMilli(millis));
                    return new String(lines.encode(event), UTF_8).substring(0, 23);
                })
                .isEqualTo(Stream.of("40.007", "40.120", "41.999", "40.007")
                        .map(seconds -> LocalDateTime.ofInstant(Instant.ofEpochSecond(960), ZoneId.systemDefault())
                                        .format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:", Locale.ROOT))
                                + seconds)
                        .toList());
    }
}
