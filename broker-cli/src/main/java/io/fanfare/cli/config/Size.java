package io.fanfare.cli.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A number of bytes: {@code 64KiB}, {@code 256MiB}, or a number alone. */
record Size(long min, long max) implements Word<Long> {

    /** A byte or more. */
    static final Size ANY = new Size(1, 1L << 50);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})(|B|KiB|MiB|GiB|TiB)", Pattern.CASE_INSENSITIVE);

    /** Each is 1,024 of the one before. */
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

    private static final List<String> LOWER_CASE =
            UNITS.stream().map(unit -> unit.toLowerCase(Locale.ROOT)).toList();

    private static final int UNIT_BITS = 10;

    @Override
    public String form() {
        return "a size from " + write(min) + " to " + write(max) + " (B, KiB, MiB, GiB, TiB)";
    }

    @Override
    public @Nullable Long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        long number = Long.parseLong(matcher.group(1));
        int shift = UNIT_BITS * Math.max(0, LOWER_CASE.indexOf(matcher.group(2).toLowerCase(Locale.ROOT)));
        // compared before it is shifted, which could overflow
        return number > (max >> shift) || (number << shift) < min ? null : Long.valueOf(number << shift);
    }

    @Override
    public String write(Long value) {
        int unit = value == 0 ? 0 : Math.min(UNITS.size() - 1, Long.numberOfTrailingZeros(value) / UNIT_BITS);
        return (value >> (UNIT_BITS * unit)) + UNITS.get(unit);
    }
}
