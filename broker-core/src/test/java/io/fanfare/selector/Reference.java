package io.fanfare.selector;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rules of selectors once more, written for shortness alone: what the real ones are held against. A truth value is
 * a Boolean, with null for UNKNOWN; a number is a double that remembers whether it is exact, right below 2^53.
 */
final class Reference {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern EXACT = Pattern.compile("[+-]?\\d+");

    private Reference() {}

    /** A tree that prints itself, with the parentheses it needs, and answers for itself. */
    interface Node {
        /** How tightly it binds: OR 1, AND 2, NOT 3, comparisons 4, sums 5, products 6, the rest 7. */
        int binding();

        String text();

        default String text(int least) {
            return binding() < least ? "(" + text() + ")" : text();
        }
    }

    interface Cond extends Node {
        @Nullable
        Boolean test(Map<String, String> message);
    }

    /** A type of HEADER stands for text that fits itself to the other side. */
    interface Val extends Node {
        Kind type();

        /** A String, a Num, a Boolean, or null. */
        @Nullable
        Object get(Map<String, String> message);
    }

    record Num(double value, boolean exact) {
        static @Nullable Num of(double value, boolean exact) {
            return Double.isFinite(value) ? new Num(value, exact) : null;
        }

        static @Nullable Num read(@Nullable Object value) {
            if (!(value instanceof String text)) {
                return value instanceof Num number ? number : null;
            }
            boolean isNumber = NUMBER.matcher(text).matches();
            return isNumber ? of(Double.parseDouble(text), EXACT.matcher(text).matches()) : null;
        }
    }

    record Header(String name) implements Val {
        @Override
        public Kind type() {
            return Kind.HEADER;
        }

        @Override
        public @Nullable Object get(Map<String, String> message) {
            return message.get(name);
        }

        @Override
        public int binding() {
            return 7;
        }

        @Override
        public String text() {
            return name;
        }
    }

    record Literal(Kind type, Object value, String text) implements Val {
        @Override
        public Object get(Map<String, String> message) {
            return value;
        }

        @Override
        public int binding() {
            return 7;
        }
    }

    record Negative(Val operand) implements Val {
        @Override
        public Kind type() {
            return Kind.NUMBER;
        }

        @Override
        public @Nullable Object get(Map<String, String> message) {
            Num number = Num.read(operand.get(message));
            return number == null ? null : new Num(0 - number.value(), number.exact());
        }

        @Override
        public int binding() {
            return 7;
        }

        @Override
        public String text() {
            return "-" + operand.text(7);
        }
    }

    record Calculation(Val left, char operator, Val right) implements Val {
        @Override
        public Kind type() {
            return Kind.NUMBER;
        }

        @Override
        public @Nullable Object get(Map<String, String> message) {
            Num l = Num.read(left.get(message));
            Num r = Num.read(right.get(message));
            if (l == null || r == null || (operator == '/' && r.value() == 0)) {
                return null;
            }
            boolean exact = l.exact() && r.exact();
            double quotient = l.value() / r.value();
            return switch (operator) {
                case '+' -> Num.of(l.value() + r.value(), exact);
                case '-' -> Num.of(l.value() - r.value(), exact);
                case '*' -> Num.of(l.value() * r.value(), exact);
                default -> Num.of(exact ? (long) quotient : quotient, exact);
            };
        }

        @Override
        public int binding() {
            return operator == '+' || operator == '-' ? 5 : 6;
        }

        @Override
        public String text() {
            return left.text(binding()) + " " + operator + " " + right.text(binding() + 1);
        }
    }

    record Compare(Val left, String operator, Val right) implements Cond {
        @Override
        public @Nullable Boolean test(Map<String, String> message) {
            return ReferenceRules.compare(left, operator, right, message);
        }

        @Override
        public int binding() {
            return 4;
        }

        @Override
        public String text() {
            return left.text(5) + " " + operator + " " + right.text(5);
        }
    }

    record Between(Val value, boolean not, Val low, Val high) implements Cond {
        @Override
        public @Nullable Boolean test(Map<String, String> message) {
            Cond both = new Junction("AND", List.of(new Compare(value, ">=", low), new Compare(value, "<=", high)));
            return (not ? new Not(both) : both).test(message);
        }

        @Override
        public int binding() {
            return 4;
        }

        @Override
        public String text() {
            return value.text(5) + (not ? " NOT" : "") + " BETWEEN " + low.text(5) + " AND " + high.text(5);
        }
    }

    record In(Header header, boolean not, List<Literal> list) implements Cond {
        @Override
        public @Nullable Boolean test(Map<String, String> message) {
            List<Cond> equals = list.stream()
                    .<Cond>map(item -> new Compare(header, "=", item))
                    .toList();
            Cond any = new Junction("OR", equals);
            return (not ? new Not(any) : any).test(message);
        }

        @Override
        public int binding() {
            return 4;
        }

        @Override
        public String text() {
            return header.name() + (not ? " NOT" : "") + " IN "
                    + list.stream().map(Literal::text).collect(Collectors.joining(",", "(", ")"));
        }
    }

    record Like(Header header, boolean not, String pattern) implements Cond {
        @Override
        public @Nullable Boolean test(Map<String, String> message) {
            String text = message.get(header.name());
            return text == null ? null : (Boolean) (ReferenceRules.like(text, pattern) != not);
        }

        @Override
        public int binding() {
            return 4;
        }

        @Override
        public String text() {
            return header.name() + (not ? " NOT" : "") + " LIKE '" + pattern + "'";
        }
    }

    record IsNull(Header header, boolean not) implements Cond {
        @Override
        public Boolean test(Map<String, String> message) {
            return message.containsKey(header.name()) == not;
        }

        @Override
        public int binding() {
            return 4;
        }

        @Override
        public String text() {
            return header.name() + " IS " + (not ? "NOT " : "") + "NULL";
        }
    }

    record Alone(Val value) implements Cond {
        @Override
        public @Nullable Boolean test(Map<String, String> message) {
            return ReferenceRules.truth(value.get(message));
        }

        @Override
        public int binding() {
            return 7;
        }

        @Override
        public String text() {
            return value.text();
        }
    }

    record Not(Cond negated) implements Cond {
        @Override
        public @Nullable Boolean test(Map<String, String> message) {
            Boolean value = negated.test(message);
            return value == null ? null : (Boolean) !value;
        }

        @Override
        public int binding() {
            return 3;
        }

        @Override
        public String text() {
            return "NOT " + negated.text(3);
        }
    }

    record Junction(String operator, List<Cond> terms) implements Cond {
        @Override
        public @Nullable Boolean test(Map<String, String> message) {
            Boolean decider = operator.equals("OR");
            List<Optional<Boolean>> values = terms.stream()
                    .map(term -> Optional.ofNullable(term.test(message)))
                    .toList();
            if (values.contains(Optional.of(decider))) {
                return decider;
            }
            return values.contains(Optional.<Boolean>empty()) ? null : (Boolean) !decider;
        }

        @Override
        public int binding() {
            return operator.equals("OR") ? 1 : 2;
        }

        @Override
        public String text() {
            return terms.stream()
                    .map(term -> term.text(binding() + 1))
                    .collect(Collectors.joining(" " + operator + " "));
        }
    }
}
