package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Differences of JSON values as merge patches (RFC 7396). */
class JsonMergePatchTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonMergePatch patches = new JsonMergePatch();

    private String diff(String before, String after) {
        byte[] patch = patches.diff(before.getBytes(UTF_8), after.getBytes(UTF_8));
        return patch == null ? "none" : new String(patch, UTF_8);
    }

    @ParameterizedTest
    @DisplayName("what has changed, and nothing else")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1,\"b\":2} | {\"a\":1,\"b\":3} | {\"b\":3}",
                "{\"a\":1,\"b\":2} | {\"a\":1} | {\"b\":null}",
                "{\"a\":1} | {\"a\":1} | {}",
                "{} | {\"a\":{\"b\":1}} | {\"a\":{\"b\":1}}",
                "{\"a\":{\"b\":1,\"c\":2}} | {\"a\":{\"b\":1,\"c\":3}} | {\"a\":{\"c\":3}}",
                "{\"a\":[1,2]} | {\"a\":[1,3]} | {\"a\":[1,3]}",
                "{\"a\":1} | {\"a\":[null]} | {\"a\":[null]}",
                "{\"a\":null} | {\"a\":null,\"b\":1} | {\"b\":1}",
                "{\"a\":1} | {\"a\":1.0} | {\"a\":1.0}",
                "{\"a\":{\"b\":1}} | {\"a\":7} | {\"a\":7}",
            })
    void changes(String before, String after, String patch) {
        assertThat(diff(before, after)).isEqualTo(patch);
    }

    @ParameterizedTest
    @DisplayName("what a patch can't say has none: a null, an object with one, a value that is no object, no JSON")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1} | {\"a\":null}",
                "{} | {\"a\":{\"b\":null}}",
                "{\"a\":{}} | {\"a\":{\"b\":{\"c\":null}}}",
                "[1] | [1,2]",
                "{\"a\":1} | 5",
                "{\"a\":1} | {\"a\":",
                "no | {\"a\":1}",
                "{\"a\":1}{\"b\":1} | {\"a\":1}{\"b\":2}",
                "{\"a\":1} | {\"a\":1} x",
                "{\"a\":1,\"a\":2} | {\"a\":2}",
                "{\"a\":1} | {\"a\":1,\"a\":2}",
                "{\"a\":{\"b\":1,\"b\":2}} | {\"a\":{\"b\":2}}",
            })
    void whatAPatchCannotSay(String before, String after) {
        assertThat(diff(before, after)).isEqualTo("none");
    }

    @ParameterizedTest
    @DisplayName("numbers stay as they are, whatever a double has of them")
    @CsvSource(
            delimiter = '|',
            value = {
                "0.12345678901234567 | 0.123456789012345678",
                "1 | 1e400",
                "1 | -1e-400",
                "1e400 | 2e400",
                "1 | 123456789012345678901234567890.5",
                "1 | 9007199254740993",
                "1.5 | 1.50000000000000000001",
            })
    void numbers(String before, String after) {
        String patch = diff("{\"a\":" + before + "}", "{\"a\":" + after + "}");
        assertThat(patch).matches("\\{\"a\":[^\"]+}");
        assertThat(new BigDecimal(patch.substring(5, patch.length() - 1))).isEqualByComparingTo(after);
        assertThat(new String(
                        JsonMergePatch.apply(("{\"b\":" + after + "}").getBytes(UTF_8), "{}".getBytes(UTF_8)), UTF_8))
                .satisfies(applied -> assertThat(new BigDecimal(applied.substring(5, applied.length() - 1)))
                        .isEqualByComparingTo(after));
    }

    @Test
    @DisplayName("JSON is UTF-8: what begins with a byte order mark, or is something else, comes whole")
    void otherEncodings() {
        String text = "{\"a\":1}";
        for (byte[] other : List.of(
                text.getBytes(UTF_16LE),
                text.getBytes(UTF_16BE),
                ("\uFEFF" + text).getBytes(UTF_8),
                "{\"a\":\"\u00e9\"}".getBytes(ISO_8859_1))) {
            assertThat(patches.diff(other, other)).isNull();
            assertThat(patches.diff(text.getBytes(UTF_8), other)).isNull();
            assertThat(patches.diff(other, text.getBytes(UTF_8))).isNull();
            assertThatThrownBy(() -> JsonMergePatch.apply(other, text.getBytes(UTF_8)))
                    .isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    @DisplayName("a patch makes of the value before exactly the value after")
    void aPatchMakesTheValueAfter() throws IOException {
        long seed = System.nanoTime();
        System.out.println("merge patches: seed " + seed);
        Random random = new Random(seed);
        int patched = 0;
        for (int i = 0; i < 5_000; i++) {
            JsonNode before = object(random, 3);
            JsonNode after = random.nextInt(4) == 0 ? object(random, 3) : changed(random, (ObjectNode) before);
            byte[] patch = patches.diff(JSON.writeValueAsBytes(before), JSON.writeValueAsBytes(after));
            if (patch != null) {
                patched++;
                assertThat(apply(before, JSON.readTree(patch)))
                        .as("seed %s: %s to %s by %s", seed, before, after, new String(patch, UTF_8))
                        .isEqualTo(after);
            }
        }
        assertThat(patched).isGreaterThan(500);
    }

    @ParameterizedTest
    @DisplayName("patches are applied as the examples of RFC 7396 appendix A say")
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":\"b\"} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"b\"} | {\"b\":\"c\"} | {\"a\":\"b\",\"b\":\"c\"}",
                "{\"a\":\"b\"} | {\"a\":null} | {}",
                "{\"a\":\"b\",\"b\":\"c\"} | {\"a\":null} | {\"b\":\"c\"}",
                "{\"a\":[\"b\"]} | {\"a\":\"c\"} | {\"a\":\"c\"}",
                "{\"a\":\"c\"} | {\"a\":[\"b\"]} | {\"a\":[\"b\"]}",
                "{\"a\":{\"b\":\"c\"}} | {\"a\":{\"b\":\"d\",\"c\":null}} | {\"a\":{\"b\":\"d\"}}",
                "{\"a\":[{\"b\":\"c\"}]} | {\"a\":[1]} | {\"a\":[1]}",
                "[\"a\",\"b\"] | [\"c\",\"d\"] | [\"c\",\"d\"]",
                "{\"a\":\"b\"} | [\"c\"] | [\"c\"]",
                "{\"a\":\"foo\"} | null | null",
                "{\"a\":\"foo\"} | \"bar\" | \"bar\"",
                "{\"e\":null} | {\"a\":1} | {\"e\":null,\"a\":1}",
                "[1,2] | {\"a\":\"b\",\"c\":null} | {\"a\":\"b\"}",
                "{} | {\"a\":{\"bb\":{\"ccc\":null}}} | {\"a\":{\"bb\":{}}}",
            })
    void applied(String target, String patch, String result) {
        assertThat(new String(JsonMergePatch.apply(target.getBytes(UTF_8), patch.getBytes(UTF_8)), UTF_8))
                .isEqualTo(result);
    }

    @Test
    @DisplayName("what is no JSON can't be applied")
    void noJson() {
        assertThatThrownBy(() -> JsonMergePatch.apply("{}".getBytes(UTF_8), "{".getBytes(UTF_8)))
                .isInstanceOf(UncheckedIOException.class);
    }

    /** RFC 7396 section 2, word for word. */
    private static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode result = target.isObject() ? target.deepCopy() : NODES.objectNode();
        patch.properties().forEach(member -> {
            if (member.getValue().isNull()) {
                result.remove(member.getKey());
            } else {
                JsonNode old = result.has(member.getKey()) ? result.get(member.getKey()) : NODES.nullNode();
                result.set(member.getKey(), apply(old, member.getValue()));
            }
        });
        return result;
    }

    private static ObjectNode object(Random random, int depth) {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set("m" + random.nextInt(5), value(random, depth));
        }
        return object;
    }

    private static ObjectNode changed(Random random, ObjectNode before) {
        ObjectNode after = before.deepCopy();
        String name = "m" + random.nextInt(5);
        if (random.nextInt(3) == 0) {
            after.remove(name);
        } else {
            after.set(name, value(random, 2));
        }
        return after;
    }

    private static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 7 : 5)) {
            case 0 -> NODES.numberNode(random.nextInt(3));
            case 1 -> NODES.textNode("t" + random.nextInt(3));
            case 2 -> NODES.booleanNode(random.nextBoolean());
            case 3 -> random.nextInt(3) == 0 ? NODES.nullNode() : NODES.numberNode(0.5);
            case 4 -> {
                ArrayNode array = NODES.arrayNode();
                for (int i = random.nextInt(3); i > 0; i--) {
                    array.add(random.nextInt(3) == 0 ? NODES.nullNode() : NODES.numberNode(i));
                }
                yield array;
            }
            default -> object(random, depth - 1);
        };
    }
}
