package io.fanfare.broker;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the model knows of one SEND.
 *
 * @param body tells it from all others
 * @param targets the destinations of its SEND
 * @param publisher the connection it came by
 */
record ModelMessage(
        String body,
        List<String> targets,
        Map<String, String> headers,
        int priority,
        @Nullable String group,
        ModelClient publisher) {

    private static final List<String> SELECTORS =
            List.of("", "n > 1", "color = 'red'", "n = 0 OR color = 'blue'", "color IS NULL");

    static final int SELECTOR_COUNT = SELECTORS.size();

    static String selector(int number) {
        return SELECTORS.get(number);
    }

    /** What the selector of this number says of it, worked out by hand. */
    boolean matches(int selector) {
        int n = Integer.parseInt(headers.get("n"));
        String color = headers.getOrDefault("color", "");
        return switch (selector) {
            case 0 -> true;
            case 1 -> n > 1;
            case 2 -> color.equals("red");
            case 3 -> n == 0 || color.equals("blue");
            default -> color.isEmpty();
        };
    }
}
