package io.fanfare.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfare.frame.Utf8;
import io.fanfare.server.http.HttpAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads and writes JSON, within limits. Any thread may call. */
final class Json {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_NUMBER_CHARACTERS = 100;

    /** A number of two characters takes ten times as many bytes of memory. */
    private static final long MAX_TOKENS = 200_000;

    private static final int MAX_NAME_CHARACTERS = 8 << 10;

    /** The body of a request has a limit of its own, which is never larger. */
    private static final int MAX_STRING_CHARACTERS = 64 << 20;

    private static final String LIMITS = String.format(
            Locale.ROOT,
            "at most %d levels, %,d tokens, %d characters in a number and %,d in a name",
            MAX_DEPTH,
            MAX_TOKENS,
            MAX_NUMBER_CHARACTERS,
            MAX_NAME_CHARACTERS);

    /** What the library says of itself, at the end of a sentence. */
    private static final Pattern LIBRARY = Pattern.compile(" \\((start marker at|bound as) .*|: enable `.*");

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_CHARACTERS)
                            .maxNameLength(MAX_NAME_CHARACTERS)
                            .maxTokenCount(MAX_TOKENS)
                            .maxStringLength(MAX_STRING_CHARACTERS)
                            .build())
                    // of two members with a name, one would be lost without a word
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // names come from clients: each would be kept for good
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // what stands in "json" is published as it is
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /**
     * Reads an object.
     *
     * @throws Problem 400, with line and column, when it is not JSON; 422 when it is no object
     */
    static ObjectNode readObject(byte[] body) {
        if (!Utf8.isValid(body)) {
            // without canonical names the parser would put a replacement for what is malformed
            throw Problem.of(400, "the body is not UTF-8");
        }
        JsonNode node;
        try {
            node = MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
        if (node.isMissingNode()) {
            throw Problem.of(400, "the body is empty; it should be a JSON object")
                    .with("line", 1)
                    .with("column", 1);
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw Problem.of(422, "the body should be a JSON object");
    }

    private static Problem malformed(JsonProcessingException why) {
        // the first line, without the library's own types and options
        String line = why.getOriginalMessage().lines().findFirst().orElse("malformed");
        String reason = LIBRARY.matcher(line).replaceAll("");
        JsonLocation place = why.getLocation();
        if (why instanceof StreamConstraintsException) {
            // the library names its own options there, and no place
            return Problem.of(400, "the body has more than is read of JSON: " + LIMITS);
        } else if (place == null) {
            return Problem.of(400, "the body is not JSON: " + reason);
        }
        return Problem.of(
                        400,
                        "the body is not JSON, line " + place.getLineNr() + ", column " + place.getColumnNr() + ": "
                                + reason)
                .with("line", place.getLineNr())
                .with("column", place.getColumnNr());
    }

    /**
     * Makes sure that an object has no other members than these.
     *
     * @throws Problem 422 when it has
     */
    static void requireKnown(ObjectNode object, List<String> known) {
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            String name = member.getKey();
            if (!known.contains(name)) {
                throw Problem.of(422, "there is no member '" + name + "'; known: " + String.join(", ", known));
            }
        }
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An answer with an object. */
    static HttpAnswer answer(int status, Object value) {
        return answer(status, "application/json", value);
    }

    static HttpAnswer answer(int status, String type, Object value) {
        return new HttpAnswer(status, Map.of("Content-Type", type), bytes(value));
    }
}
