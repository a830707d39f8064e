package io.fanfare.selector;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Comparison of two operands. A header takes the type of the other side. */
record Comparison(ComparisonOperator operator, Value left, Value right) implements Condition {
    @Override
    public Truth test(Function<String, @Nullable String> headers) {
        if (left.kind() == Kind.HEADER) {
            return right.kind() == Kind.HEADER ? ofHeaders(headers) : as(right.kind(), headers);
        }
        return right.kind() == Kind.HEADER || right.kind() == left.kind()
                ? as(left.kind(), headers)
                : ofUnlike(headers);
    }

    private Truth as(Kind kind, Function<String, @Nullable String> headers) {
        return switch (kind) {
            case NUMBER -> operator.compare(left.number(headers), right.number(headers));
            case BOOLEAN -> operator.compare(left.truth(headers), right.truth(headers));
            case TEXT, HEADER -> operator.compare(left.text(headers), right.text(headers));
        };
    }

    private Truth ofHeaders(Function<String, @Nullable String> headers) {
        Truth asNumbers = as(Kind.NUMBER, headers);
        return asNumbers == Truth.UNKNOWN ? as(Kind.TEXT, headers) : asNumbers;
    }

    private Truth ofUnlike(Function<String, @Nullable String> headers) {
        // JMS 3.1, 3.8.1.1: comparing values of unlike types is false, with NULL unknown; only a number can be NULL
        // here
        Value number = left.kind() == Kind.NUMBER ? left : right;
        boolean isNull = number.kind() == Kind.NUMBER && number.number(headers) == null;
        return isNull ? Truth.UNKNOWN : Truth.FALSE;
    }
}
