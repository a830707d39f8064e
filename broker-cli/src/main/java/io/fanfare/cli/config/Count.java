package io.fanfare.cli.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A whole number. */
record Count(int min, int max) implements Word<Integer> {

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
