package io.fanfare.cli.output;

/** Escapes control characters in texts of clients before a terminal shows them: they become {@code \}{@code u001b}. */
public final class Harmless {

    private Harmless() {}

    /** Several lines: line ends and tabs stay. */
    public static String text(String text) {
        return escaped(text, "\n\t");
    }

    /** One line: line ends and tabs are escaped, too. */
    public static String line(String text) {
        return escaped(text, "");
    }

    private static String escaped(String text, String allowed) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) && allowed.indexOf(c) < 0) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
