package io.fanfare.message;

import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The header {@code retain} of a SEND, as its topic obeys it. */
public enum Retain {
    /** Nothing: the topic's rule counts. */
    UNSAID,
    /** The message is the last value of its key from now on. */
    SET,
    /** The key has no last value any more. */
    REMOVE;

    /** Reads {@code set} and its alias {@code true}, {@code remove}, and {@code false}, which asks for nothing. */
    static Retain parse(@Nullable String value) {
        if (value == null || HeaderValues.isFalse(value)) {
            return UNSAID;
        }
        if (HeaderValues.isTrue(value)) {
            return SET;
        }
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "set" -> SET;
            case "remove" -> REMOVE;
            default ->
                throw new ProtocolException("invalid retain", "retain is set or remove, not " + Printable.of(value));
        };
    }
}
