package io.fanfare.security;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits what is behind a destination's prefix into words. Each word but the first keeps the separator before it, because
 * {@code a.b} and {@code a/b} are two names.
 */
public final class DestinationWords {

    private DestinationWords() {}

    /** Splits before each {@code .} and {@code /}; a name without one is one word. */
    public static List<String> split(String name) {
        List<String> words = new ArrayList<>(4);
        int start = 0;
        for (int i = 1; i < name.length(); i++) {
            if (isSeparator(name.charAt(i))) {
                words.add(name.substring(start, i));
                start = i;
            }
        }
        words.add(name.substring(start));
        return words;
    }

    public static boolean isSeparator(char c) {
        return c == '.' || c == '/';
    }
}
