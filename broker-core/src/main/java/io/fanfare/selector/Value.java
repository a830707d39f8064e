package io.fanfare.selector;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside an operator. It is read as the type the operator needs; the readings answer null, or UNKNOWN, for
 * NULL and for a value that is not of that type.
 */
sealed interface Value extends Expression
        permits Value.Header, Value.TextLiteral, Value.NumberLiteral, Value.BooleanLiteral, Value.Signed, Arithmetic {

    Kind kind();

    default @Nullable Numeric number(Function<String, @Nullable String> headers) {
        return null;
    }

    default @Nullable String text(Function<String, @Nullable String> headers) {
        return null;
    }

    default Truth truth(Function<String, @Nullable String> headers) {
        return Truth.UNKNOWN;
    }

    /** A header of the message; NULL where the message has none of that name. */
    record Header(String name) implements Value {
        @Override
        public Kind kind() {
            return Kind.HEADER;
        }

        @Override
        public @Nullable Numeric number(Function<String, @Nullable String> headers) {
            return NumberText.read(headers.apply(name));
        }

        @Override
        public @Nullable String text(Function<String, @Nullable String> headers) {
            return headers.apply(name);
        }

        @Override
        public Truth truth(Function<String, @Nullable String> headers) {
            return Truth.read(headers.apply(name));
        }
    }

    record TextLiteral(String value) implements Value {
        @Override
        public Kind kind() {
            return Kind.TEXT;
        }

        @Override
        public String text(Function<String, @Nullable String> headers) {
            return value;
        }
    }

    record NumberLiteral(Numeric value) implements Value {
        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }

        @Override
        public Numeric number(Function<String, @Nullable String> headers) {
            return value;
        }
    }

    record BooleanLiteral(Truth value) implements Value {
        @Override
        public Kind kind() {
            return Kind.BOOLEAN;
        }

        @Override
        public Truth truth(Function<String, @Nullable String> headers) {
            return value;
        }
    }

    /** A sign before a header or a parenthesis; also {@code +} makes a number of a header. */
    record Signed(boolean negative, Value value) implements Value {
        private static final Numeric ZERO = new Numeric.Exact(0);

        @Override
        public Kind kind() {
            return Kind.NUMBER;
        }

        @Override
        public @Nullable Numeric number(Function<String, @Nullable String> headers) {
            Numeric number = value.number(headers);
            return number == null || !negative ? number : ArithmeticOperator.MINUS.apply(ZERO, number);
        }
    }
}
