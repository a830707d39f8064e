package io.fanfare.frame;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;

/** Texts as strings of JSON (RFC 8259 7). Any thread may call. */
public final class JsonString {

    private static final byte[] NONE = {};

    /** What stands for each octet; {@link #NONE}: itself. */
    private static final byte[][] ESCAPES = new byte[0x80][];

    static {
        Arrays.fill(ESCAPES, NONE);
        for (int i = 0; i < 0x20; i++) {
            ESCAPES[i] = String.format(Locale.ROOT, "\\u%04x", i).getBytes(US_ASCII);
        }
        ESCAPES['\n'] = "\\n".getBytes(US_ASCII);
        ESCAPES['\r'] = "\\r".getBytes(US_ASCII);
        ESCAPES['\t'] = "\\t".getBytes(US_ASCII);
        ESCAPES['"'] = "\\\"".getBytes(US_ASCII);
        ESCAPES['\\'] = "\\\\".getBytes(US_ASCII);
    }

    private JsonString() {}

    /** What stands for an octet of UTF-8; empty: the octet itself. Not to be changed. */
    public static byte[] escape(byte octet) {
        // from 0x80 on: a part of a longer character
        return octet < 0 ? NONE : ESCAPES[octet];
    }

    /** A text with its quotation marks. */
    public static String of(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            byte[] escape = c < 0x80 ? ESCAPES[c] : NONE;
            out.append(escape.length == 0 ? String.valueOf(c) : new String(escape, US_ASCII));
        }
        return out.append('"').toString();
    }
}
