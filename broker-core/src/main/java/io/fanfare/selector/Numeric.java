package io.fanfare.selector;

import org.jspecify.annotations.Nullable;

/** A number as JMS knows them: exact or approximate, and always finite. */
sealed interface Numeric {
    /** A whole number in the range of a long. */
    record Exact(long value) implements Numeric {
        @Override
        public double asDouble() {
            return value;
        }
    }

    /** A number in the range of a double; never infinite, never NaN. */
    record Approximate(double value) implements Numeric {
        @Override
        public double asDouble() {
            return value;
        }
    }

    double asDouble();

    /** The number, or null where there is no finite one: for a selector that is NULL. */
    static @Nullable Numeric approximate(double value) {
        return Double.isFinite(value) ? new Approximate(value) : null;
    }

    /** Negative, zero or positive as {@code left} is less than, equal to or greater than {@code right}. */
    static int compare(Numeric left, Numeric right) {
        if (left instanceof Exact a && right instanceof Exact b) {
            return Long.compare(a.value(), b.value());
        }
        // not Double.compare, to which -0.0 is less than 0.0
        double a = left.asDouble();
        double b = right.asDouble();
        return a < b ? -1 : a > b ? 1 : 0;
    }
}
