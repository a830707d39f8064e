package io.fanfare.selector;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Operators of one precedence from left to right; a list, so that a long chain costs no stack. */
record Arithmetic(Value first, List<Step> steps) implements Value {
    record Step(ArithmeticOperator operator, Value operand) {}

    @Override
    public Kind kind() {
        return Kind.NUMBER;
    }

    @Override
    public @Nullable Numeric number(Function<String, @Nullable String> headers) {
        Numeric result = first.number(headers);
        for (Step step : steps) {
            Numeric operand = step.operand().number(headers);
            if (result == null || operand == null) {
                return null; // SQL-92: arithmetic with NULL is NULL
            }
            result = step.operator().apply(result, operand);
        }
        return result;
    }
}
