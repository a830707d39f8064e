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

    static final Text NAME = new Text("a text of one line", "\\P{Cntrl}{1,255}");
    static final Text HOST = new Text("an address or a name", "[^\\s\\p{Cntrl}]{1,255}");

    /** What needs no quotes in YAML, in any place. */
    private static final Pattern PLAIN = Pattern.compile("(?!(?i:null)$)[\\p{Alnum}/._][\\p{Alnum}/._:-]*(?<!:)");

    Text(String form, String regex) {
        this(form, Pattern.compile(regex));
    }

    @Override
    public @Nullable String parse(String text) {
        return pattern.matcher(text).matches() ? text : null;
    }

    @Override
    public String write(String value) {
        return PLAIN.matcher(value).matches() ? value : "'" + value.replace("'", "''") + "'";
    }
}
