package io.fanfare.cli.operate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfare.cli.output.Harmless;
import io.fanfare.cli.output.Quantity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Texts of the API's members for people: their names tell their units. */
final class Cells {

    /** Longer texts are cut in tables. */
    static final int MAX_CHARACTERS = 60;

    private static final String NOTHING = "-";

    private final InstantSource clock;

    Cells(InstantSource clock) {
        this.clock = clock;
    }

    /** The title of a member, such as {@code outbox} of {@code outbox_bytes}. */
    static String title(String field) {
        return field.replaceFirst("_(ms|bytes)$", "")
                .replace("heart_beat", "heart-beat")
                .replace('_', ' ');
    }

    /** What a table has for a member: a quantity, or a text of one line. */
    Object of(String field, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return NOTHING;
        } else if (value.isArray()) {
            List<String> parts = new ArrayList<>();
            value.forEach(each -> parts.add(each.asText()));
            return Harmless.line(String.join(",", parts));
        } else if (value.isBoolean()) {
            return value.asBoolean() ? "yes" : "no";
        } else if (value.isNumber()) {
            return number(field, value.asLong());
        } else if (field.equals("oldest")) {
            return Quantity.millis(
                    Math.max(0, clock.millis() - Instant.parse(value.asText()).toEpochMilli()));
        }
        return value.asText().isEmpty() ? NOTHING : Harmless.line(value.asText());
    }

    private static Quantity number(String field, long value) {
        if (field.endsWith("_ms")) {
            return Quantity.millis(value);
        }
        return field.endsWith("bytes") || field.startsWith("bytes_") ? Quantity.bytes(value) : Quantity.count(value);
    }

    /** A cell that takes no more than its place. */
    static Object cut(Object cell) {
        return cell instanceof String text && text.length() > MAX_CHARACTERS
                ? text.substring(0, MAX_CHARACTERS - 1) + "…"
                : cell;
    }
}
