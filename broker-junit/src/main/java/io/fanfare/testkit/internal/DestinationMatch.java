package io.fanfare.testkit.internal;

/** Match of destinations with a pattern: {@code *} stands for one word, {@code #} or {@code **} for the rest. */
public final class DestinationMatch {

    private static final String SEPARATORS = "[./]";

    private DestinationMatch() {}

    /** Whether the pattern, or the plain name, means the destination. */
    public static boolean matches(String pattern, String destination) {
        if (pattern.equals(destination)) {
            return true;
        }
        String[] words = pattern.split(SEPARATORS, -1);
        String[] names = destination.split(SEPARATORS, -1);
        for (int i = 0; i < words.length; i++) {
            boolean isRest = words[i].equals("#") || words[i].equals("**") || words[i].equals(">");
            if (isRest && i == words.length - 1) {
                return names.length >= i;
            }
            if (i >= names.length || !(words[i].equals("*") || words[i].equals(names[i]))) {
                return false;
            }
        }
        return words.length == names.length;
    }
}
