package io.fanfare.cli.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A length of time, with its unit: {@code 500ms}, {@code 10s}, {@code 1d}. */
record Time(Duration min, Duration max) implements Word<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    @Override
    public String form() {
        return "a time from " + write(min) + " to " + write(max) + " with its unit (ms, s, m, h, d)";
    }

    @Override
    public @Nullable Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        Duration time = unit(matcher.group(2)).multipliedBy(Long.parseLong(matcher.group(1)));
        return time.compareTo(min) < 0 || time.compareTo(max) > 0 ? null : time;
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            case "h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }

    @Override
    public String write(Duration value) {
        long millis = value.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            long length = unit(unit).toMillis();
            if (millis >= length && millis % length == 0) {
                return millis / length + unit;
            }
        }
        return millis == 0 ? "0s" : millis + "ms";
    }
}
