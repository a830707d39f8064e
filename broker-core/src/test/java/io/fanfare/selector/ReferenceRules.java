package io.fanfare.selector;

import io.fanfare.selector.Reference.Num;
import io.fanfare.selector.Reference.Val;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How values compare, for {@link Reference}. A truth value is a Boolean, with null for UNKNOWN. */
final class ReferenceRules {
    private ReferenceRules() {}

    static @Nullable Boolean compare(Val left, String operator, Val right, Map<String, String> message) {
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

    static @Nullable Boolean truth(@Nullable Object value) {
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
