package io.fanfare.selector;

import java.util.List;
import java.util.Locale;
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
            return compare(left, operator, right, message);
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
            return text == null ? null : (Boolean) (like(text, pattern) != not);
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
            return truth(value.get(message));
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

    private static @Nullable Boolean compare(Val left, String operator, Val right, Map<String, String> message) {
        Object l = left.get(message);
        Object r = right.get(message);
        if (l == null || r == null) {
            return null;
        }
        boolean bothHeaders = left.type() == Kind.HEADER && right.type() == Kind.HEADER;
        Kind type = left.type() == Kind.HEADER ? right.type() : left.type();
        if (type != right.type() && right.type() != Kind.HEADER) {
            return false;
        }
        Num x = Num.read(l);
        Num y = Num.read(r);
        if (type == Kind.NUMBER || (bothHeaders && x != null && y != null)) {
            if (x == null || y == null) {
                return null;
            }
            return ordered(x.value() - y.value(), operator);
        }
        if (type == Kind.BOOLEAN) {
            Boolean p = truth(l);
            Boolean q = truth(r);
            if (p == null || q == null) {
                return null;
            }
            return p.equals(q) == operator.equals("=");
        }
        boolean isEquality = operator.equals("=") || operator.equals("<>");
        return isEquality ? (Boolean) (l.equals(r) == operator.equals("=")) : null;
    }

    private static boolean ordered(double difference, String operator) {
        return switch (operator) {
            case "=" -> difference == 0;
            case "<>" -> difference != 0;
            case "<" -> difference < 0;
            case "<=" -> difference <= 0;
            case ">" -> difference > 0;
            default -> difference >= 0;
        };
    }

    private static @Nullable Boolean truth(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        String text = String.valueOf(value).toLowerCase(Locale.ROOT);
        return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
    }

    /** Whether each beginning of the text fits each beginning of the pattern, smallest first. */
    static boolean like(String text, String pattern) {
        boolean[][] fits = new boolean[pattern.length() + 1][text.length() + 1];
        fits[0][0] = true;
        for (int p = 1; p <= pattern.length(); p++) {
            char wanted = pattern.charAt(p - 1);
            for (int t = 0; t <= text.length(); t++) {
                if (wanted == '%') {
                    fits[p][t] = fits[p - 1][t] || (t > 0 && fits[p][t - 1]);
                } else {
                    fits[p][t] = t > 0 && fits[p - 1][t - 1] && (wanted == '_' || wanted == text.charAt(t - 1));
                }
            }
        }
        return fits[pattern.length()][text.length()];
    }
}
