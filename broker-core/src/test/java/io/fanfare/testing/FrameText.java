package io.fanfare.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A frame as a client received it or as a test expects it.
 *
 * @param headers lines as they came, escapes and all
 */
public record FrameText(String command, List<String> headers, String body) {

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

    /** The value of the first header of this name, as it stands on the wire. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst();
    }

    /** Whether this is what was expected: {@code *} in a header's value or in the body is any text. */
    public boolean matches(FrameText expected) {
        if (!command.equals(expected.command)
                || !glob(expected.body).matcher(body).matches()) {
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
}
