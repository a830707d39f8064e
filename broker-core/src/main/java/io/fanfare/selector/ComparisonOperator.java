package io.fanfare.selector;

import org.jspecify.annotations.Nullable;

/** Comparison operators: {@code = <> < <= > >=}. */
enum ComparisonOperator {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL;

    /** The operator a token stands for, or null. */
    static @Nullable ComparisonOperator of(TokenType token) {
        return switch (token) {
            case EQUAL -> EQUAL;
            case NOT_EQUAL -> NOT_EQUAL;
            case LESS -> LESS;
            case LESS_OR_EQUAL -> LESS_OR_EQUAL;
            case GREATER -> GREATER;
            case GREATER_OR_EQUAL -> GREATER_OR_EQUAL;
            default -> null;
        };
    }

    /** Whether it asks for an order and not only for equality: JMS 3.1, 3.8.1.1 has that for numbers alone. */
    boolean orders() {
        return this != EQUAL && this != NOT_EQUAL;
    }

    /** UNKNOWN if either number is NULL. */
    Truth compare(@Nullable Numeric left, @Nullable Numeric right) {
        return left == null || right == null ? Truth.UNKNOWN : Truth.of(accepts(Numeric.compare(left, right)));
    }

    /** UNKNOWN if either text is NULL, and if an order of texts is asked for. */
    Truth compare(@Nullable String left, @Nullable String right) {
        if (left == null || right == null || orders()) {
            return Truth.UNKNOWN;
        }
        return Truth.of(left.equals(right) == (this == EQUAL));
    }

    /** UNKNOWN if either side is, and if an order of truth values is asked for. */
    Truth compare(Truth left, Truth right) {
        if (left == Truth.UNKNOWN || right == Truth.UNKNOWN || orders()) {
            return Truth.UNKNOWN;
        }
        return Truth.of((left == right) == (this == EQUAL));
    }

    private boolean accepts(int order) {
        return switch (this) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }
}
