package io.fanfare.cli.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text of one line.
 *
 * @param form what it looks like, for errors
 * @param pattern what it must match
 */
record Text(String form, Pattern pattern) implements Word<String> {

    static final Text NAME = new Text("a text of one line", ".{1,255}");
    static final Text HOST = new Text("an address or a name", "[^\\s\\p{Cntrl}]{1,255}");

    /** No controls, no ends of lines, no halves of characters: what a line of YAML can say, and one of a log. */
    private static final Pattern LINE = Pattern.compile("[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\uFFFE\\uFFFF]*");

    /** What needs no quotes in YAML, in any place; a digit with _ behind it may be half a number. */
    private static final Pattern PLAIN =
            Pattern.compile("(?!(?i:null)$|\\d.*_)[\\p{Alnum}/._][\\p{Alnum}/._:-]*(?<!:)");

    Text(String form, String regex) {
        this(form, Pattern.compile(regex));
    }

    @Override
    public @Nullable String parse(String text) {
        return LINE.matcher(text).matches() && pattern.matcher(text).matches() ? text : null;
    }

    @Override
    public String write(String value) {
        return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "''") + "'";
    }
}
