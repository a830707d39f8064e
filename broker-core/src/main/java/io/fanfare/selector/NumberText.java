package io.fanfare.selector;

import org.jspecify.annotations.Nullable;

/** Notation of numbers, in selectors and in headers alike: 57, 7., .5, 7.25, 1e3. */
final class NumberText {
    /** A header longer than this is not read as a number: it bounds the work one term can cause. */
    static final int MAX_HEADER_LENGTH = 64;

    private NumberText() {}

    /** The number a header's text stands for, or null if it stands for none. */
    static @Nullable Numeric read(@Nullable String header) {
        if (header == null || header.isEmpty() || header.length() > MAX_HEADER_LENGTH) {
            return null;
        }
        boolean negative = header.charAt(0) == '-';
        int start = negative || header.charAt(0) == '+' ? 1 : 0;
        if (start == header.length() || end(header, start) != header.length()) {
            return null;
        }
        return parse(header.substring(start), negative);
    }

    /** An unsigned number in the form checked by {@link #end}, or null if no finite double holds it. */
    static @Nullable Numeric parse(String digits, boolean negative) {
        String signed = negative ? "-" + digits : digits;
        if (isExact(digits) && fitsLong(digits, negative)) {
            return new Numeric.Exact(Long.parseLong(signed));
        }
        return Numeric.approximate(Double.parseDouble(signed));
    }

    static boolean isExact(String digits) {
        // without a stream: one for each message and selector is felt
        return digits(digits, 0) == digits.length();
    }

    /** Asked first so that a number too long for a long costs no exception for each message. */
    static boolean fitsLong(String digits, boolean negative) {
        String limit = negative ? "9223372036854775808" : "9223372036854775807";
        int zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') {
            zeros++;
        }
        int significant = digits.length() - zeros;
        return significant < limit.length()
                || (significant == limit.length() && digits.substring(zeros).compareTo(limit) <= 0);
    }

    /** Where the longest unsigned number at {@code start} ends; {@code start} if there is none. */
    static int end(String text, int start) {
        int whole = digits(text, start);
        boolean point = whole < text.length() && text.charAt(whole) == '.';
        int mantissa = point ? digits(text, whole + 1) : whole;
        if (mantissa - start == (point ? 1 : 0)) {
            return start; // nothing, or a point alone
        }
        return exponent(text, mantissa);
    }

    private static int exponent(String text, int start) {
        if (start == text.length() || (text.charAt(start) != 'e' && text.charAt(start) != 'E')) {
            return start;
        }
        int first = start + 1;
        if (first < text.length() && (text.charAt(first) == '+' || text.charAt(first) == '-')) {
            first++;
        }
        int end = digits(text, first);
        return end == first ? start : end;
    }

    private static int digits(String text, int start) {
        int end = start;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }
}
