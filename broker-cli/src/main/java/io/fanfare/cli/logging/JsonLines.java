package io.fanfare.cli.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.core.JsonGenerator;
import io.fanfare.cli.output.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * Encodes an event of the log as a JSON object on a line: {@code time}, {@code level}, {@code logger}, {@code message}, and
 * each value that the message names, {@code reason={}} say, as a member of its own. Names come from the code alone, never
 * from the values.
 */
final class JsonLines extends LineEncoder {

    /** A placeholder of SLF4J, with the name in front of it when it has one and stands alone. */
    private static final Pattern PLACEHOLDER = Pattern.compile("(?:(?<![^\\s])([a-z][a-z-]*)=)?\\{}(?=([\\s,:;]|$)?)");

    private static final Set<String> OF_EVERY_LINE = Set.of("time", "level", "logger", "message", "exception");

    @Override
    public byte[] encode(ILoggingEvent event) {
        String line = Json.text(json -> {
            json.writeStartObject();
            json.writeStringField("time", event.getInstant().toString());
            json.writeStringField("level", event.getLevel().toString());
            json.writeStringField("logger", event.getLoggerName());
            json.writeStringField("message", event.getFormattedMessage());
            for (Map.Entry<String, Object> value : values(event).entrySet()) {
                write(value.getKey(), value.getValue(), json);
            }
            if (event.getThrowableProxy() != null) {
                json.writeStringField("exception", ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
            json.writeEndObject();
        });
        return (line + System.lineSeparator()).getBytes(UTF_8);
    }

    private static Map<String, Object> values(ILoggingEvent event) {
        Map<String, Object> values = new LinkedHashMap<>();
        Object @Nullable [] arguments = event.getArgumentArray();
        Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(event.getMessage()));
        for (int i = 0; arguments != null && i < arguments.length && placeholder.find(); i++) {
            // behind what has a unit there is no blank: it is no value by itself
            if (placeholder.group(1) != null && placeholder.group(2) != null && arguments[i] != null) {
                values.put(placeholder.group(1).replace('-', '_'), arguments[i]);
            }
        }
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                values.put(pair.key, String.valueOf(pair.value));
            }
        }
        values.keySet().removeAll(OF_EVERY_LINE);
        return values;
    }

    /** A text without the quotes that keep it apart in a line of text. */
    private static String bare(String text) {
        int end = text.length() - 1;
        return end > 0 && text.charAt(0) == '\'' && text.charAt(end) == '\'' ? text.substring(1, end) : text;
    }

    private static void write(String name, Object value, JsonGenerator json) throws IOException {
        if (value instanceof Integer || value instanceof Long) {
            json.writeNumberField(name, ((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBooleanField(name, flag);
        } else {
            json.writeStringField(name, bare(value.toString()));
        }
    }
}
