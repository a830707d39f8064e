package io.fanfare.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** Lines of the log as JSON. */
class JsonLinesTest {

    private final Logger logger = new LoggerContext().getLogger("io.fanfare.connections");

    private JsonNode line(Throwable thrown, String message, Object... arguments) throws JsonProcessingException {
        LoggingEvent event = new LoggingEvent("test", logger, Level.INFO, message, thrown, arguments);
        String text = new String(new JsonLines().encode(event), UTF_8);
        assertThat(text).endsWith(System.lineSeparator());
        assertThat(text.lines()).hasSize(1);
        return new ObjectMapper().readTree(text);
    }

    @Test
    void namedValuesAreMembersOfTheirType() throws JsonProcessingException {
        JsonNode line = line(null, "refused conn={} user={} code={} since-last-line={}", "c1", "'al ice'", 1002, 7L);

        assertThat(line.get("message").asText()).isEqualTo("refused conn=c1 user='al ice' code=1002 since-last-line=7");
        assertThat(line.get("conn").asText()).isEqualTo("c1");
        assertThat(line.get("user").asText()).isEqualTo("al ice");
        assertThat(line.get("code").isNumber()).isTrue();
        assertThat(line.get("since_last_line").asLong()).isEqualTo(7);
        assertThat(line.get("level").asText()).isEqualTo("INFO");
        assertThat(line.get("logger").asText()).isEqualTo("io.fanfare.connections");
        assertThat(line.get("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    }

    @Test
    void aValueThatLooksLikeANameIsNone() throws JsonProcessingException {
        JsonNode line = line(null, "refused reason={}", "x user=root\n level=OFF");

        assertThat(line.has("user")).isFalse();
        assertThat(line.get("level").asText()).isEqualTo("INFO");
        assertThat(line.get("reason").asText()).isEqualTo("x user=root\n level=OFF");
    }

    @Test
    void otherPlaceholdersAreInTheMessageAlone() throws JsonProcessingException {
        JsonNode line = line(null, "closed {} over={}ms level={} path=/{} peer={}: {}", "a", 5, "b", "c", "d", "e");

        assertThat(line.get("message").asText()).isEqualTo("closed a over=5ms level=b path=/c peer=d: e");
        assertThat(line.has("over")).isFalse();
        assertThat(line.has("path")).isFalse();
        assertThat(line.get("peer").asText()).isEqualTo("d");
        assertThat(line.get("level").asText()).isEqualTo("INFO");
    }

    @Test
    void anExceptionIsAMember() throws JsonProcessingException {
        assertThat(line(new IllegalStateException("why"), "bug")
                        .get("exception")
                        .asText())
                .startsWith("java.lang.IllegalStateException: why")
                .contains("\tat ");
    }
}
