package io.fanfare.message;

import io.fanfare.frame.Headers;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.options.ConnectionLimits;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads headers that hold numbers and booleans; each has a native name and aliases. */
public final class HeaderValues {

    private HeaderValues() {}

    /** The value of the first of these headers that is there; null when none is. */
    public static @Nullable String first(Headers headers, String... names) {
        for (String name : names) {
            String value = headers.get(name);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /**
     * The number that the first of these headers says that is there.
     *
     * @throws ProtocolException when it is not a decimal number of at most 18 digits
     */
    public static long number(Headers headers, long absent, String... names) {
        for (String name : names) {
            String value = headers.get(name);
            if (value != null) {
                return number(name, value);
            }
        }
        return absent;
    }

    /**
     * Reads a header that counts something.
     *
     * @throws ProtocolException when it is not a decimal number of at most 18 digits
     */
    public static long number(String name, String value) {
        boolean digits = !value.isEmpty() && value.length() <= 18;
        for (int i = 0; digits && i < value.length(); i++) {
            digits = value.charAt(i) >= '0' && value.charAt(i) <= '9';
        }
        if (!digits) {
            throw new ProtocolException(
                    "invalid " + name, name + " must be a whole number, not " + Printable.of(value));
        }
        return Long.parseLong(value);
    }

    /**
     * Makes sure that an id which a client has chosen is not too long: the broker keeps it as long as what it names.
     *
     * @return the id
     * @throws ProtocolException when it is
     */
    public static String id(String name, String id, ConnectionLimits limits) {
        int bytes = id.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > limits.maxIdBytes()) {
            throw new ProtocolException(
                    "id too long",
                    Limits.exceeded("the id in " + name + " has %,d B", bytes, limits.maxIdBytes(), "max_id_bytes"));
        }
        return id;
    }

    /**
     * Whether one of these headers, which mean the same, says {@code true}.
     *
     * @throws ProtocolException when one says neither {@code true} nor {@code false}
     */
    public static boolean flag(Headers headers, String... names) {
        boolean isAsked = false;
        for (String name : names) {
            String value = headers.get(name);
            isAsked |= value != null && flag(name, value);
        }
        return isAsked;
    }

    /**
     * Whether a header says {@code true}, or is not there.
     *
     * @throws ProtocolException when it says neither {@code true} nor {@code false}
     */
    public static boolean flagOrTrue(Headers headers, String name) {
        String value = headers.get(name);
        return value == null || flag(name, value);
    }

    /** In any case: Python's clients write {@code True}. */
    public static boolean isTrue(String value) {
        return value.equalsIgnoreCase("true");
    }

    /** In any case, as {@link #isTrue}. */
    public static boolean isFalse(String value) {
        return value.equalsIgnoreCase("false");
    }

    private static boolean flag(String name, String value) {
        if (isTrue(value) || isFalse(value)) {
            return isTrue(value);
        }
        throw new ProtocolException("invalid " + name, name + " must be true or false, not " + Printable.of(value));
    }
}
