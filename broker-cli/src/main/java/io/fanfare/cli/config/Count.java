package io.fanfare.cli.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A whole number. */
record Count(int min, int max) implements Word<Integer> {

    static final Count PORT = new Count(0, 65535);
    static final Count POSITIVE = new Count(1, Integer.MAX_VALUE);

    private static final Pattern DIGITS = Pattern.compile("\\d{1,10}");

    @Override
    public String form() {
        return "a number from " + min + " to " + max;
    }

    @Override
    public @Nullable Integer parse(String text) {
        if (!DIGITS.matcher(text).matches()) {
            return null;
        }
        long number = Long.parseLong(text);
        return number < min || number > max ? null : (int) number;
    }

    @Override
    public String write(Integer value) {
        return value.toString();
    }
}
