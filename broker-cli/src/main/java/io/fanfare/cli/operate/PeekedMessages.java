package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fanfare.cli.output.Colours;
import io.fanfare.cli.output.Harmless;
import io.fanfare.cli.output.Quantity;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Messages that are kept, for people: a line about each, its headers, and its body, JSON laid out. */
final class PeekedMessages {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // numbers are shown as they came
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private PeekedMessages() {}

    /** Shows some of the messages that one thing keeps. */
    abstract static class Peek extends ApiCommand {

        private final String list;
        private final String none;

        @Option(
                names = {"-n", "--limit"},
                paramLabel = "COUNT",
                defaultValue = "10",
                description = "The most that are shown, up to 100 (default: ${DEFAULT-VALUE}).")
        private int limit;

        @Option(
                names = "--after",
                paramLabel = "POSITION",
                description = "Position of the one behind which to begin, as it was shown before.")
        private @Nullable String after;

        /**
         * @param list the name of their list, in the path and in the answer
         * @param none a sentence for an empty list
         */
        Peek(String list, String none) {
            this.list = list;
            this.none = none;
        }

        /** The path of what keeps them. */
        abstract String path();

        @Override
        final void run(ApiClient client) {
            Map<String, String> query = new LinkedHashMap<>(Map.of("limit", Integer.toString(limit)));
            if (after != null) {
                query.put("after", after);
            }
            JsonNode answer = client.get(path() + "/" + list, query);
            print(answer, () -> text(answer.path(list), none, colours()));
        }
    }

    /** @param none a sentence for an empty list */
    static String text(JsonNode messages, String none, Colours colours) {
        if (messages.isEmpty()) {
            return none + System.lineSeparator();
        }
        StringBuilder out = new StringBuilder();
        for (JsonNode message : messages) {
            out.append(out.isEmpty() ? "" : System.lineSeparator());
            append(message, colours, out);
        }
        return out.toString();
    }

    private static void append(JsonNode message, Colours colours, StringBuilder out) {
        String end = System.lineSeparator();
        // a last value has a key, a message of a queue an id
        String name = message.path(message.has("key") ? "key" : "message_id").asText();
        out.append(colours.bold(name.isEmpty() ? "(no key)" : Harmless.line(name)))
                .append("  ")
                .append(message.path("timestamp").asText());
        if (message.has("priority")) {
            out.append("  priority ")
                    .append(message.path("priority").asInt())
                    .append("  deliveries ")
                    .append(message.path("deliveries").asInt());
        }
        out.append("  ")
                .append(Quantity.bytes(message.path("bytes").asLong()))
                .append("  position ")
                .append(message.path("position").asText())
                .append(end);
        for (Map.Entry<String, JsonNode> header : message.path("headers").properties()) {
            out.append(colours.faint(Harmless.line(header.getKey()) + ":"))
                    .append(Harmless.line(header.getValue().asText()))
                    .append(end);
        }
        body(message).lines().forEach(line -> out.append("  ").append(line).append(end));
    }

    private static String body(JsonNode message) {
        if (!message.has("body")) {
            return "(base64) " + message.path("base64").asText();
        }
        String body = message.path("body").asText();
        try {
            JsonNode json = MAPPER.readTree(body);
            return json.isContainerNode() ? Harmless.text(json.toPrettyString()) : Harmless.text(body);
        } catch (IOException e) {
            return Harmless.text(body);
        }
    }
}
