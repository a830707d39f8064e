package io.fanfare.selector;

import org.jspecify.annotations.Nullable;

/** The text of a selector, how errors speak of places in it, and how much memory it has become so far. */
final class Source {
    /** The longest piece of client text in an error; a message quotes two at most. */
    private static final int MAX_EXCERPT = 20;

    private final String text;
    private long bytesMade;

    Source(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** A part of it has become something that takes about so many bytes. */
    void became(long bytes) {
        bytesMade += bytes;
    }

    /** About what the selector takes in memory, without its text. */
    long bytesMade() {
        return bytesMade;
    }

    InvalidSelectorException error(int index, String problem) {
        // people count characters, not UTF-16 units
        return new InvalidSelectorException(text.codePointCount(0, index) + 1, problem);
    }

    /** The piece from start to end, safe to show, if it looks like a header's name with hyphens in it; else null. */
    @Nullable
    String hyphenatedName(int start, int end) {
        String piece = text.substring(start, end).strip();
        boolean isName = piece.indexOf('-') > 0 && !piece.endsWith("-") && Character.isLetter(piece.codePointAt(0));
        boolean isOneWord = piece.codePoints().allMatch(c -> c == '-' || Character.isJavaIdentifierPart(c));
        return isName && isOneWord
                ? excerpt(
                        start,
                        start + text.substring(start, end).stripTrailing().length())
                : null;
    }

    /** The piece from start to end, safe to show: quoted, cut, and with nothing in it a terminal would act on. */
    String excerpt(int start, int end) {
        StringBuilder shown = new StringBuilder("'");
        int at = start;
        while (at < end) {
            int character = text.codePointAt(at);
            String piece = visible(character);
            if (shown.length() + piece.length() > MAX_EXCERPT) {
                return shown.append("...'").toString();
            }
            shown.append(piece);
            at += Character.charCount(character);
        }
        return shown.append('\'').toString();
    }

    private static String visible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT, // the bidirectional overrides among them
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> "\\u{" + Integer.toHexString(character) + "}";
            default -> Character.toString(character);
        };
    }
}
