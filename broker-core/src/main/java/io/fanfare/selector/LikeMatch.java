package io.fanfare.selector;

/**
 * Matcher of one text against one LIKE pattern; used once. Every character of the text is read at most once, so the work is that
 * of the text's length times the {@link LikeRun#words} of a run, whatever the two say.
 */
final class LikeMatch {
    private static final int NONE = -1;

    private final LikePattern pattern;
    private final String text;
    private long steps;

    LikeMatch(LikePattern pattern, String text) {
        this.pattern = pattern;
        this.text = text;
    }

    boolean run() {
        int from = headEnd();
        if (from == NONE || pattern.isWhole) {
            return from == text.length();
        }
        int to = tailStart(from);
        for (LikeRun run : pattern.middle) {
            if (to == NONE || from == NONE) {
                return false;
            }
            from = endOf(run, from, to);
        }
        return to != NONE && from != NONE;
    }

    /** How many words of characters or of state were looked at. */
    long steps() {
        return steps;
    }

    private int headEnd() {
        int at = 0;
        for (int wanted : pattern.head) {
            if (at == text.length() || !accepts(wanted, text.codePointAt(at))) {
                return NONE;
            }
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private int tailStart(int from) {
        int at = text.length();
        for (int i = pattern.tail.length - 1; i >= 0; i--) {
            if (at == from || !accepts(pattern.tail[i], text.codePointBefore(at))) {
                return NONE;
            }
            at -= Character.charCount(text.codePointBefore(at));
        }
        return at;
    }

    private boolean accepts(int wanted, int character) {
        steps++;
        return wanted == LikePattern.ANY || wanted == character;
    }

    private int endOf(LikeRun run, int from, int to) {
        long[] state = run.start();
        int at = from;
        while (at < to) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            steps += run.words();
            run.read(character, state);
            if (run.isFound(state)) {
                return at;
            }
        }
        return NONE;
    }
}
