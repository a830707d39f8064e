package io.fanfare.cli.output;

import java.util.Locale;

/**
 * A number as people read it, with its unit.
 *
 * @param value the number itself, for programs and for sorting
 * @param text what a table shows, such as {@code 1.5 MiB}
 */
public record Quantity(double value, String text) {

    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    /** A number with separators of thousands. */
    public static Quantity count(long count) {
        return new Quantity(count, String.format(Locale.ROOT, "%,d", count));
    }

    /** A number of bytes, in the unit that leaves at most four digits. */
    public static Quantity bytes(double bytes) {
        double shown = bytes;
        int unit = 0;
        while (shown >= 1024 && unit < BYTE_UNITS.length - 1) {
            shown /= 1024;
            unit++;
        }
        return new Quantity(
                bytes, String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", shown, BYTE_UNITS[unit]));
    }

    /** A time, in its two largest units. */
    public static Quantity millis(long millis) {
        long seconds = millis / 1000;
        String text;
        if (millis < 1000) {
            text = millis + " ms";
        } else if (seconds < 60) {
            text = seconds + " s";
        } else if (seconds < 3600) {
            text = seconds / 60 + " min " + seconds % 60 + " s";
        } else if (seconds < 86_400) {
            text = seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        } else {
            text = seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
        }
        return new Quantity(millis, text);
    }

    /** What happens so many times a second. */
    public static Quantity rate(double perSecond) {
        return new Quantity(perSecond, String.format(Locale.ROOT, perSecond < 10 ? "%.1f" : "%,.0f", perSecond));
    }

    @Override
    public String toString() {
        return text;
    }
}
