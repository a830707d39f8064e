package io.fanfare.selector;

import org.jspecify.annotations.Nullable;

/** Arithmetic operators: {@code + - * /}. Exact with exact stays exact, as in Java, unless a long cannot hold the result. */
enum ArithmeticOperator {
    PLUS,
    MINUS,
    TIMES,
    DIVIDE;

    /** The result, or null where there is no finite one. */
    @Nullable
    Numeric apply(Numeric left, Numeric right) {
        if (left instanceof Numeric.Exact a && right instanceof Numeric.Exact b) {
            long x = a.value();
            long y = b.value();
            if (this == DIVIDE && y == 0) {
                return null;
            }
            if (!overflows(x, y)) {
                return new Numeric.Exact(exact(x, y));
            }
        }
        return Numeric.approximate(approximate(left.asDouble(), right.asDouble()));
    }

    private long exact(long x, long y) {
        return switch (this) {
            case PLUS -> x + y;
            case MINUS -> x - y;
            case TIMES -> x * y;
            case DIVIDE -> x / y;
        };
    }

    /** Asked first: Math.addExact and its like would cost an exception for each message. */
    private boolean overflows(long x, long y) {
        return switch (this) {
            case PLUS -> ((x ^ (x + y)) & (y ^ (x + y))) < 0;
            case MINUS -> ((x ^ y) & (x ^ (x - y))) < 0;
            case TIMES -> Math.multiplyHigh(x, y) != (x * y) >> 63;
            case DIVIDE -> x == Long.MIN_VALUE && y == -1;
        };
    }

    private double approximate(double x, double y) {
        return switch (this) {
            case PLUS -> x + y;
            case MINUS -> x - y;
            case TIMES -> x * y;
            case DIVIDE -> x / y;
        };
    }
}
