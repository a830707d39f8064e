package io.fanfare.frame;

/**
 * Text of a peer made safe for logs and error texts: quoted, cut at 64 characters, and escaped where it holds controls,
 * formats, surrogates or separators of lines.
 */
public final class Printable {

    private static final int MAX_CHARS = 64;

    private Printable() {}

    public static String of(String text) {
        StringBuilder out = new StringBuilder("'");
        for (int i = 0; i < text.length() && i < MAX_CHARS; i++) {
            char c = text.charAt(i);
            if (isUnsafe(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append(text.length() > MAX_CHARS ? "...'" : "'").toString();
    }

    private static boolean isUnsafe(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
