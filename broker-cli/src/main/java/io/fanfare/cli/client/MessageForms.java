package io.fanfare.cli.client;

import io.fanfare.cli.output.Json;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Utf8;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The forms in which messages are printed. */
final class MessageForms {

    private MessageForms() {}

    /**
     * The form of a template: {@code {body}} is the body, {@code {NAME}} the value of a header, or nothing without it.
     *
     * @throws IllegalArgumentException when a brace is not closed
     */
    static Function<Frame, String> template(String template) {
        List<Function<Frame, String>> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < template.length()) {
            String two = template.substring(at, Math.min(at + 2, template.length()));
            if (two.equals("\\n") || two.equals("\\t") || two.equals("\\\\") || two.equals("{{") || two.equals("}}")) {
                text.append(two.equals("\\n") ? '\n' : two.equals("\\t") ? '\t' : two.charAt(1));
                at += 2;
            } else if (template.charAt(at) == '{') {
                int close = template.indexOf('}', at);
                if (close < 0) {
                    throw new IllegalArgumentException("--format has a { without a }; {{ is a brace");
                }
                parts.add(literal(text.toString()));
                text.setLength(0);
                parts.add(field(template.substring(at + 1, close)));
                at = close + 1;
            } else {
                text.append(template.charAt(at++));
            }
        }
        parts.add(literal(text.toString()));
        return message -> parts.stream().map(part -> part.apply(message)).collect(Collectors.joining());
    }

    private static Function<Frame, String> literal(String text) {
        return message -> text;
    }

    private static Function<Frame, String> field(String name) {
        return name.equals("body")
                ? Frame::bodyAsString
                : message -> message.headers().find(name).orElse("");
    }

    /** One JSON object: {@code destination}, {@code headers}, and {@code body}, or {@code base64} if it is not UTF-8. */
    static String json(Frame message) {
        return Json.text(json -> {
            Headers headers = message.headers();
            json.writeStartObject();
            json.writeStringField("destination", headers.find("destination").orElse(""));
            json.writeObjectFieldStart("headers");
            Set<String> written = new HashSet<>();
            for (int i = 0; i < headers.size(); i++) {
                // STOMP 1.2, Repeated Header Entries: the first counts
                if (written.add(headers.name(i))) {
                    json.writeStringField(headers.name(i), headers.value(i));
                }
            }
            json.writeEndObject();
            byte[] body = message.body();
            if (Utf8.isValid(body)) {
                json.writeStringField("body", message.bodyAsString());
            } else {
                json.writeFieldName("base64");
                json.writeBinary(body);
            }
            json.writeEndObject();
        });
    }
}
