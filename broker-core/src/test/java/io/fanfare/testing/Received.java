package io.fanfare.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One frame, or one heart-beat, as a client received it or as a test expects it, read without the broker's own codec.
 *
 * @param command the first line; empty for a heart-beat
 * @param headers lines as they came, escapes and all
 */
public record Received(String command, List<String> headers, byte[] body) {

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

    public static Received heartBeat() {
        return new Received("", List.of(), new byte[] {'\n'});
    }

    /** A whole frame as a test writes it; {@code ^@} is the NUL at its end. */
    public static Received of(String transcript) {
        if (!transcript.endsWith("^@")) {
            throw new IllegalArgumentException("a frame ends with ^@: " + transcript);
        }
        return of(Transcript.bytes(transcript.substring(0, transcript.length() - 2)));
    }

    /** A frame without the NUL at its end. */
    public static Received of(byte[] frame) {
        int line = 0;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < frame.length; i++) {
            if (frame[i] == '\n') {
                if (i == line) {
                    byte[] body = new byte[frame.length - i - 1];
                    System.arraycopy(frame, i + 1, body, 0, body.length);
                    return new Received(lines.get(0), lines.subList(1, lines.size()), body);
                }
                lines.add(new String(frame, line, i - line, UTF_8));
                line = i + 1;
            }
        }
        throw new AssertionError("no empty line in " + new String(frame, UTF_8));
    }

    public boolean isHeartBeat() {
        return command.isEmpty();
    }

    /** The value of the first header of this name, as it stands on the wire. */
    public String header(String name) {
        String value = find(name);
        if (value == null) {
            throw new AssertionError("no header " + name + " in " + this);
        }
        return value;
    }

    public boolean has(String name) {
        return find(name) != null;
    }

    @Nullable
    public String find(String name) {
        return headers.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse(null);
    }

    public String text() {
        return new String(body, UTF_8);
    }

    /** Whether this is what was expected: {@code *} in a header's value or in the body is any text. */
    public boolean matches(Received expected) {
        if (!command.equals(expected.command)
                || !glob(expected.text()).matcher(text()).matches()) {
            return false;
        }
        List<String> left = new ArrayList<>(headers);
        for (String line : expected.headers) {
            Pattern pattern = glob(line);
            Optional<String> found = left.stream()
                    .filter(each -> pattern.matcher(each).matches())
                    .findFirst();
            if (found.isEmpty()) {
                return false;
            }
            left.remove(found.get());
        }
        return left.stream().allMatch(this::isOptional);
    }

    private boolean isOptional(String line) {
        String name = line.substring(0, line.indexOf(':'));
        return OPTIONAL.contains(name) || (command.equals("ERROR") && name.equals("content-type"));
    }

    private static Pattern glob(String text) {
        return Pattern.compile("\\Q" + text.replace("*", "\\E.*\\Q") + "\\E", Pattern.DOTALL);
    }

    /** As in a specification: the NUL is {@code ^@}. */
    @Override
    public String toString() {
        if (isHeartBeat()) {
            return "(heart-beat)";
        }
        String head = command + "\n" + String.join("\n", headers) + (headers.isEmpty() ? "\n" : "\n\n");
        String body = text().replace("\0", "^@");
        return head + (body.length() > 300 ? body.substring(0, 300) + "... " + body.length() + " chars" : body) + "^@";
    }
}
