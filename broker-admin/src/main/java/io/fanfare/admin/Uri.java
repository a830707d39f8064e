package io.fanfare.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes paths and queries of requests apart (RFC 3986). */
final class Uri {

    private Uri() {}

    /**
     * The segments of a path, each decoded by itself, so that a slash may stand in one as {@code %2F}. Dots have no
     * meaning: {@code ..} is a segment like any other.
     *
     * @throws Problem 400 when an escape is malformed
     */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.substring(Math.min(1, path.length())).split("/", -1)) {
            segments.add(decode(segment, false));
        }
        return segments;
    }

    /**
     * The parameters of a query.
     *
     * @throws Problem 400 when an escape is malformed, or a parameter comes twice
     */
    static Map<String, String> parameters(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String part : query.split("&")) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = decode(equals < 0 ? part : part.substring(0, equals), true);
                String value = equals < 0 ? "" : decode(part.substring(equals + 1), true);
                if (parameters.put(name, value) != null) {
                    // of two, one would be lost without a word
                    throw Problem.of(400, "the parameter '" + name + "' comes twice");
                }
            }
        }
        return parameters;
    }

    private static String decode(String text, boolean isQuery) {
        ByteBuffer bytes = ByteBuffer.allocate(3 * text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.put(octet(text, i).orElseThrow(Uri::malformed));
                i += 2;
            } else if (c == '+' && isQuery) {
                bytes.put((byte) ' ');
            } else if (c > ' ' && c < 0x7f) {
                bytes.put((byte) c);
            } else {
                throw malformed();
            }
        }
        try {
            return UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private static Optional<Byte> octet(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return Optional.empty();
        }
        int high = Character.digit(text.charAt(percent + 1), 16);
        int low = Character.digit(text.charAt(percent + 2), 16);
        return high < 0 || low < 0 ? Optional.empty() : Optional.of((byte) (high << 4 | low));
    }

    private static Problem malformed() {
        return Problem.of(400, "the path or the query is not percent-encoded UTF-8");
    }
}
