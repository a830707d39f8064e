package io.fanfare.server;

import io.fanfare.testing.FrameText;
import java.util.List;

/**
 * A frame as a client received it or as a test expects it, as a transcript's text.
 *
 * @param headers lines as they came, escapes and all
 */
public record StompFrame(String command, List<String> headers, String body) {

    static StompFrame of(String transcript) {
        if (!transcript.endsWith("^@")) {
            throw new IllegalArgumentException("a frame ends with ^@: " + transcript);
        }
        int end = transcript.indexOf("\n\n");
        List<String> head = transcript.substring(0, end).lines().toList();
        String body = transcript.substring(end + 2, transcript.length() - 2);
        return new StompFrame(head.get(0), head.subList(1, head.size()), body);
    }

    /** The value of the first header of this name, as it stands on the wire. */
    public String header(String name) {
        return asText().header(name).orElseThrow(() -> new AssertionError("no header " + name + " in " + this));
    }

    public boolean has(String name) {
        return asText().header(name).isPresent();
    }

    /** Whether this is what was expected: {@code *} in a header's value or in the body is any text. */
    boolean matches(StompFrame expected) {
        return asText().matches(expected.asText());
    }

    private FrameText asText() {
        return new FrameText(command, headers, body);
    }

    @Override
    public String toString() {
        return command + "\n" + String.join("\n", headers) + "\n\n" + body + "^@";
    }
}
