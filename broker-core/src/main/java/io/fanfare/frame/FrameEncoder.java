package io.fanfare.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes the heads of frames (command, headers, empty line) into an array of its own that is used again for the next
 * one. Not thread-safe.
 *
 * <p>What a receiver's version can't express is made expressible: a line feed or carriage return without an escape
 * becomes a blank, and so does a NUL, which has none in any version; a header whose name holds a colon that can't be
 * escaped is left out.
 */
public final class FrameEncoder {

    /** Of a long. */
    private static final int MAX_DIGITS = 19;

    private byte[] bytes = new byte[512];
    private int length;
    private StompVersion version = StompVersion.V1_2;
    private boolean escapes;

    /** A whole frame as bytes, with its {@code content-length} when it has a body and its headers do not give one. */
    public static byte[] encode(Frame frame, StompVersion version) {
        FrameEncoder encoder = new FrameEncoder();
        encoder.begin(frame.command(), version).headers(frame.headers());
        if (frame.body().length > 0 && !frame.headers().has("content-length")) {
            encoder.header("content-length", frame.body().length);
        }
        encoder.endHead();
        byte[] out = Arrays.copyOf(encoder.bytes, encoder.length + frame.body().length + 1);
        System.arraycopy(frame.body(), 0, out, encoder.length, frame.body().length);
        return out;
    }

    /** Begins the head of a frame for a receiver that speaks this version. */
    public FrameEncoder begin(Command command, StompVersion receiver) {
        version = receiver;
        escapes = command.isEscaped() && receiver.escapes();
        length = 0;
        // the array is never shorter than any command
        byte[] name = command.bytes();
        System.arraycopy(name, 0, bytes, 0, name.length);
        bytes[name.length] = '\n';
        length = name.length + 1;
        return this;
    }

    public FrameEncoder header(String name, String value) {
        int start = length;
        if (!putText(name, true)) {
            length = start;
            return this;
        }
        put(':');
        putText(value, false);
        put('\n');
        return this;
    }

    public FrameEncoder header(String name, long value) {
        int start = length;
        if (!putText(name, true)) {
            length = start;
            return this;
        }
        put(':');
        putDecimal(value);
        put('\n');
        return this;
    }

    /**
     * A header that stands in every message.
     *
     * @param begin its name and the colon: octets that need no escape
     */
    public FrameEncoder header(byte[] begin, String value) {
        putPlain(begin);
        putText(value, false);
        put('\n');
        return this;
    }

    /**
     * A header that stands in every message, and whose value is a number.
     *
     * @param begin its name and the colon: octets that need no escape
     */
    public FrameEncoder header(byte[] begin, long value) {
        putPlain(begin);
        putDecimal(value);
        put('\n');
        return this;
    }

    /**
     * A header whose value ends with two numbers, a hyphen between them.
     *
     * @param begin its name, the colon, and what comes before the numbers: octets that need no escape
     */
    public FrameEncoder header(byte[] begin, long first, long second) {
        putPlain(begin);
        putDecimal(first);
        put('-');
        putDecimal(second);
        put('\n');
        return this;
    }

    /** Whole headers that this encoder has written before, or their like: octets that need no escape. */
    public FrameEncoder plain(byte[] octets, int count) {
        reserve(count);
        System.arraycopy(octets, 0, bytes, length, count);
        length += count;
        return this;
    }

    /** All of these, in order. */
    public FrameEncoder headers(Headers headers) {
        byte[] lines = headers.lines();
        if (headers.isPlain()) {
            putPlain(lines);
            return this;
        }
        for (int i = 0; i < headers.size(); i++) {
            int start = length;
            if (putBytes(lines, headers.nameStart(i), headers.nameEnd(i), true)) {
                put(':');
                putBytes(lines, headers.nameEnd(i) + 1, headers.valueEnd(i), false);
                put('\n');
            } else {
                length = start;
            }
        }
        return this;
    }

    /** Writes the empty line. */
    public void endHead() {
        put('\n');
    }

    /** The head so far begins at index 0 here; valid until the next {@link #begin}. */
    public byte[] array() {
        return bytes;
    }

    /** How many octets of {@link #array} are the head. */
    public int length() {
        return length;
    }

    private void putPlain(byte[] octets) {
        plain(octets, octets.length);
    }

    private boolean putText(String text, boolean isName) {
        int size = text.length();
        reserve(2 * size);
        for (int i = 0; i < size; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] rest = text.substring(i).getBytes(StandardCharsets.UTF_8);
                return putBytes(rest, 0, rest.length, isName);
            }
            if (Headers.isPlain(c)) {
                bytes[length++] = (byte) c;
            } else if (!putSpecial(c, isName)) {
                return false;
            }
        }
        return true;
    }

    private boolean putBytes(byte[] from, int start, int end, boolean isName) {
        reserve(2 * (end - start));
        for (int i = start; i < end; i++) {
            byte b = from[i];
            if (Headers.isPlain(b)) {
                bytes[length++] = b;
            } else if (!putSpecial(b, isName)) {
                return false;
            }
        }
        return true;
    }

    private boolean putSpecial(int b, boolean isName) {
        int letter = escapes ? version.escape(b) : -1;
        if (letter >= 0) {
            bytes[length++] = '\\';
            bytes[length++] = (byte) letter;
        } else if (b == '\n' || b == '\r' || b == 0) {
            bytes[length++] = ' ';
        } else if (b == ':' && isName) {
            return false;
        } else {
            bytes[length++] = (byte) b;
        }
        return true;
    }

    private void putDecimal(long value) {
        if (value < 0) {
            putText(Long.toString(value), false);
            return;
        }
        int digits = 1;
        // no power of ten beyond the eighteenth fits
        for (long power = 10; digits < MAX_DIGITS && value >= power; power *= 10) {
            digits++;
        }
        reserve(digits);
        int at = length + digits;
        long rest = value;
        // two digits for each division: message ids and timestamps are long, and stand in every message
        while (rest > Integer.MAX_VALUE) {
            long hundreds = rest / 100;
            at = putPair((int) (rest - hundreds * 100), at);
            rest = hundreds;
        }
        // what fits is divided as an int, which is cheaper
        int small = (int) rest;
        while (small >= 10) {
            int hundreds = small / 100;
            at = putPair(small - hundreds * 100, at);
            small = hundreds;
        }
        if (at > length) {
            bytes[--at] = (byte) ('0' + small);
        }
        length += digits;
    }

    /** Writes two digits that end before an index; returns that of the first. */
    private int putPair(int pair, int end) {
        bytes[end - 1] = (byte) ('0' + pair % 10);
        bytes[end - 2] = (byte) ('0' + pair / 10);
        return end - 2;
    }

    private void put(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
