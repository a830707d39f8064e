package io.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The examples of docs/api.md, in their order. */
class ApiPageIT {

    private static final Path PAGE = Path.of("..", "docs", "api.md");

    private static final Pattern EXAMPLE =
            Pattern.compile("```sh\\n(curl.*?)```\\n\\n```json\\n(.*?)```", Pattern.DOTALL);

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void theExamplesOfThePageGetTheAnswersThatItShows() throws Exception {
        Path curl = Needs.curl();
        String page = Files.readString(PAGE);
        int examples = 0;
        try (ApiServer server = new ApiServer()) {
            for (Matcher example = EXAMPLE.matcher(page); example.find(); examples++) {
                String command = example.group(1)
                        .replace("127.0.0.1:15672", "127.0.0.1:" + server.port())
                        .replaceFirst("^curl", curl.toString());
                assertSame(mapper.readTree(example.group(2)), mapper.readTree(run(command)), command);
            }
        }
        assertThat(examples).isGreaterThanOrEqualTo(6);
    }

    private static String run(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
        return output;
    }

    /** Objects have the same members, and what does not differ from run to run is equal. */
    private static void assertSame(JsonNode shown, JsonNode answered, String command) {
        if (shown.isObject()) {
            TreeSet<String> names = new TreeSet<>();
            answered.fieldNames().forEachRemaining(names::add);
            TreeSet<String> expected = new TreeSet<>();
            shown.fieldNames().forEachRemaining(expected::add);
            assertThat(names).as(command).isEqualTo(expected);
            shown.properties().forEach(each -> assertSame(each.getValue(), answered.get(each.getKey()), command));
        } else if (shown.isArray()) {
            assertThat(answered.isEmpty()).as(command).isFalse();
            assertSame(shown.get(0), answered.get(0), command);
        } else if (shown.isInt() && shown.intValue() < 100) {
            assertThat(answered).as(command).isEqualTo(shown);
        }
    }
}
