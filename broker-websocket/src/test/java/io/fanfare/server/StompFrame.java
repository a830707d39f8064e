package io.fanfare.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A frame as a client received it or as a test expects it, as a transcript's text.
 *
 * @param headers lines as they came, escapes and all
 */
public record StompFrame(String command, List<String> headers, String body) {

    /** What a test need not write down; when it does, it counts. */
    private static final Set<String> OPTIONAL = Set.of(
            "timestamp",
            "message-id",
            "content-length",
            "server",
            "session",
            "heart-beat",
            "matched",
            "delivered",
            "queued",
            "dropped");

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
        return headers.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no header " + name + " in " + this));
    }

    public boolean has(String name) {
        return headers.stream().anyMatch(line -> line.startsWith(name + ":"));
    }

    /** Whether this is what was expected: {@code *} in a header's value or in the body is any text. */
    boolean matches(StompFrame expected) {
        if (!command.equals(expected.command)
                || !glob(expected.body).matcher(body).matches()) {
            return false;
        }
        List<String> left = new ArrayList<>(headers);
        for (String line : expected.headers) {
            Pattern pattern = glob(line);
            if (!left.removeIf(each -> pattern.matcher(each).matches())) {
                return false;
            }
        }
        return left.stream().allMatch(line -> OPTIONAL.contains(line.substring(0, line.indexOf(':'))));
    }

    private static Pattern glob(String text) {
        return Pattern.compile("\\Q" + text.replace("*", "\\E.*\\Q") + "\\E", Pattern.DOTALL);
    }

    @Override
    public String toString() {
        return command + "\n" + String.join("\n", headers) + "\n\n" + body + "^@";
    }
}
