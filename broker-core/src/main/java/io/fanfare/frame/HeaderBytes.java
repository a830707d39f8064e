package io.fanfare.frame;

import java.nio.ByteBuffer;

/** {@link Headers} as octets for another process of this program; not the wire format. */
public final class HeaderBytes {

    private static final int LENGTHS = 2 * Integer.BYTES;

    private HeaderBytes() {}

    /** How many octets {@link #write} takes. */
    public static int size(Headers headers) {
        return LENGTHS + headers.lines().length + LENGTHS * headers.size();
    }

    /** Writes headers in a form that {@link #read} understands. */
    public static void write(Headers headers, ByteBuffer out) {
        out.putInt(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            out.putInt(headers.nameEnd(i) - headers.nameStart(i));
            out.putInt(headers.valueEnd(i) - headers.nameEnd(i));
        }
        out.putInt(headers.lines().length).put(headers.lines());
    }

    /**
     * Reads what {@link #write} has written; the buffer's position moves behind it.
     *
     * @throws IllegalArgumentException when it is something else
     * @throws java.nio.BufferUnderflowException when its end is missing
     */
    public static Headers read(ByteBuffer in) {
        int count = checked(in.getInt(), in.remaining() / LENGTHS);
        int[] marks = new int[3 * count];
        int at = 0;
        for (int i = 0; i < count; i++) {
            marks[3 * i] = at;
            marks[3 * i + 1] = at + in.getInt();
            marks[3 * i + 2] = marks[3 * i + 1] + in.getInt();
            at = marks[3 * i + 2] + 1;
        }
        byte[] lines = new byte[checked(in.getInt(), in.remaining())];
        in.get(lines);
        boolean plain = true;
        int from = 0;
        for (int i = 0; i < count; i++) {
            int nameEnd = marks[3 * i + 1];
            int valueEnd = marks[3 * i + 2];
            if (nameEnd <= from || valueEnd <= nameEnd || valueEnd >= lines.length || lines[nameEnd] != ':') {
                throw new IllegalArgumentException("these are no headers");
            }
            plain = plain && isPlain(lines, from, nameEnd) && isPlain(lines, nameEnd + 1, valueEnd);
            from = valueEnd + 1;
        }
        if (from != lines.length) {
            throw new IllegalArgumentException("these are no headers");
        }
        return new Headers(lines, marks, plain);
    }

    private static int checked(int size, int atMost) {
        if (size < 0 || size > atMost) {
            throw new IllegalArgumentException("these are no headers");
        }
        return size;
    }

    private static boolean isPlain(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Headers.isPlain(bytes[i])) {
                return false;
            }
        }
        return true;
    }
}
