package io.fanfare.selector;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber's condition on the headers of a message; immutable, and safe to share between threads.
 *
 * <p>The language is described in the package documentation.
 */
public final class Selector {
    /** The longest selector, in UTF-16 characters. The length bounds the number of terms too. */
    static final int MAX_LENGTH = 4_096;

    /** The object and that of its text. */
    private static final long OVERHEAD_BYTES = 80;

    /** How many parentheses may be open at once. */
    static final int MAX_DEPTH = 64;

    private final String text;
    private final Condition condition;
    private final long bytes;

    private Selector(Source source, Condition condition) {
        this.text = source.text();
        this.condition = condition;
        this.bytes = OVERHEAD_BYTES + text.length() + source.bytesMade();
    }

    /**
     * Reads a selector. An empty or blank text is the selector that matches every message (JMS 3.1, 3.8.1.1).
     *
     * @throws InvalidSelectorException if the text is no selector, is longer than 4,096 characters or has more than 64
     *     parentheses open at once
     */
    public static Selector parse(String text) throws InvalidSelectorException {
        Source source = new Source(text);
        return new Selector(source, Parser.parse(source));
    }

    /**
     * Whether the condition is TRUE for a message; FALSE and UNKNOWN are both {@code false}.
     *
     * <p>The time is bounded by the length of the selector times that of the headers it names.
     *
     * @param headers the value of the header with the given name, or null where the message has none
     */
    public boolean matches(Function<String, @Nullable String> headers) {
        return condition.test(headers) == Truth.TRUE;
    }

    /** About what it takes in memory; much more than its text, where that has many terms. */
    public long bytes() {
        return bytes;
    }

    /** The text this selector was read from, unchanged. */
    public String text() {
        return text;
    }
}
