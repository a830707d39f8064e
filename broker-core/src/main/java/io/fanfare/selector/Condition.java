package io.fanfare.selector;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Boolean expression over a message: true, false or unknown. */
sealed interface Condition extends Expression
        permits Condition.And,
                Condition.Or,
                Condition.Not,
                Condition.Holds,
                Condition.IsNull,
                Condition.Between,
                Condition.Like,
                Comparison,
                In {

    Truth test(Function<String, @Nullable String> headers);

    /** A list, not a pair: a long chain is a wide node, so its length costs no stack. */
    record And(List<Condition> terms) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable String> headers) {
            Truth all = Truth.TRUE;
            for (Condition term : terms) {
                all = all.and(term.test(headers));
                if (all == Truth.FALSE) {
                    break;
                }
            }
            return all;
        }
    }

    record Or(List<Condition> terms) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable String> headers) {
            Truth any = Truth.FALSE;
            for (Condition term : terms) {
                any = any.or(term.test(headers));
                if (any == Truth.TRUE) {
                    break;
                }
            }
            return any;
        }
    }

    record Not(Condition negated) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable String> headers) {
            return negated.test(headers).not();
        }
    }

    /** A header or TRUE or FALSE standing as a condition by itself. */
    record Holds(Value value) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable String> headers) {
            return value.truth(headers);
        }
    }

    record IsNull(Value.Header header) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable String> headers) {
            return Truth.of(header.text(headers) == null);
        }
    }

    record Between(Value value, Value low, Value high) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable String> headers) {
            // JMS 3.1, 3.8.1.1: "age BETWEEN 15 AND 19" is "age >= 15 AND age <= 19"
            Numeric number = value.number(headers);
            return ComparisonOperator.GREATER_OR_EQUAL
                    .compare(number, low.number(headers))
                    .and(ComparisonOperator.LESS_OR_EQUAL.compare(number, high.number(headers)));
        }
    }

    record Like(Value.Header header, LikePattern pattern) implements Condition {
        @Override
        public Truth test(Function<String, @Nullable String> headers) {
            String text = header.text(headers);
            return text == null ? Truth.UNKNOWN : Truth.of(pattern.matches(text));
        }
    }
}
