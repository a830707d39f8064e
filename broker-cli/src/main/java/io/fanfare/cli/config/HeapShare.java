package io.fanfare.cli.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A number of bytes, or a part of the JVM's heap: {@code 256MiB}, {@code 50%}. */
record HeapShare(Size size, long heap) implements Word<Long> {

    private static final Pattern PERCENT = Pattern.compile("([1-9]\\d?|100)%");

    @Override
    public String form() {
        return size.form() + ", or a part of the heap such as 50%";
    }

    @Override
    public @Nullable Long parse(String text) {
        Matcher matcher = PERCENT.matcher(text);
        if (matcher.matches()) {
            return part(Integer.parseInt(matcher.group(1)));
        }
        return size.parse(text);
    }

    private long part(int percent) {
        return heap * percent / 100;
    }

    /** As a part where it is one, so that a file made on one machine suits another. */
    @Override
    public String write(Long value) {
        for (int percent = 1; percent <= 100; percent++) {
            if (part(percent) == value) {
                return percent + "%";
            }
        }
        return size.write(value);
    }
}
