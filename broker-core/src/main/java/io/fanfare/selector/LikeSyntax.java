package io.fanfare.selector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the text after LIKE, and after ESCAPE, into a pattern. */
final class LikeSyntax {
    /** No code point: nothing is escaped. */
    private static final int NO_ESCAPE = -1;

    private final Source source;
    private final Token pattern;
    private final int escape;

    LikeSyntax(Source source, Token pattern, @Nullable Token escape) {
        this.source = source;
        this.pattern = pattern;
        this.escape = escape == null ? NO_ESCAPE : escapeCharacter(source, escape);
    }

    private static int escapeCharacter(Source source, Token escape) {
        String value = escape.value();
        // JMS 3.1, 3.8.1.1: "a single-character string literal"
        if (value.codePointCount(0, value.length()) != 1) {
            throw source.error(escape.start(), "the text after ESCAPE is not one character");
        }
        return value.codePointAt(0);
    }

    LikePattern parse() {
        int[] characters = pattern.value().codePoints().toArray();
        List<int[]> runs = new ArrayList<>();
        int[] run = new int[characters.length];
        int length = 0;
        for (int i = 0; i < characters.length; i++) {
            int character = characters[i];
            if (character == escape) {
                run[length++] = escaped(characters, ++i);
            } else if (character == '%') {
                runs.add(copy(run, length));
                length = 0;
            } else {
                run[length++] = character == '_' ? LikePattern.ANY : character;
            }
        }
        runs.add(copy(run, length));
        LikePattern parsed = new LikePattern(runs);
        source.became(parsed.bytes());
        return parsed;
    }

    private int escaped(int[] characters, int index) {
        int character = index < characters.length ? characters[index] : NO_ESCAPE;
        if (character != '%' && character != '_' && character != escape) {
            throw source.error(pattern.start(), "the escape character in a pattern stands before no %, _ or itself");
        }
        return character;
    }

    private static int[] copy(int[] run, int length) {
        return Arrays.copyOf(run, length);
    }
}
