package io.fanfare.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The headers of one frame, in order, repeats included. Immutable.
 *
 * <p>Kept as the unescaped UTF-8 bytes of {@code name:value\n} lines, because most of them travel through a broker
 * without anybody looking at them; strings are made when asked for.
 */
public final class Headers {

    public static final Headers EMPTY = new Headers(new byte[0], new int[0], true);

    /** The lines, one after the other: name, a colon, value, a line feed. */
    private final byte[] lines;

    /** For each header: where its name begins, where its name ends, where its value ends. */
    private final int[] marks;

    /** Whether the lines are right on the wire as they stand, in every version: nothing in them needs an escape. */
    private final boolean plain;

    /** The bits of all names, by {@link HeaderNames#bit}. */
    private final long bits;

    Headers(byte[] lines, int[] marks, boolean plain) {
        this.lines = lines;
        this.marks = marks;
        this.plain = plain;
        long all = 0;
        for (int i = 0; i < marks.length; i += 3) {
            all |= HeaderNames.bit(lines[marks[i]], marks[i + 1] - marks[i]);
        }
        this.bits = all;
    }

    /** Headers from names and values in turn. */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** A builder without headers. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many there are, repeats included. */
    public int size() {
        return marks.length / 3;
    }

    /** About how much memory they take. */
    public int bytes() {
        return lines.length + 4 * marks.length;
    }

    public String name(int index) {
        return new String(lines, nameStart(index), nameEnd(index) - nameStart(index), UTF_8);
    }

    public String value(int index) {
        return new String(lines, nameEnd(index) + 1, valueEnd(index) - nameEnd(index) - 1, UTF_8);
    }

    /** The value of the first header of this name (STOMP 1.2, Repeated Header Entries: the first counts), or null. */
    public @Nullable String get(String name) {
        int index = indexOf(name);
        return index < 0 ? null : value(index);
    }

    public Optional<String> find(String name) {
        return Optional.ofNullable(get(name));
    }

    public boolean has(String name) {
        return indexOf(name) >= 0;
    }

    /** Whether the first header of this name has this value; makes no string, as {@link #get} does. */
    public boolean has(String name, String value) {
        int index = indexOf(name);
        if (index < 0) {
            return false;
        }
        int start = nameEnd(index) + 1;
        boolean same = valueEnd(index) - start == value.length() && matches(start, value);
        return same || (!isAscii(value) && value.equals(value(index)));
    }

    /** Whether a header has one of these names. */
    public boolean hasAny(HeaderNames names) {
        if (!names.mayHaveOneOf(bits)) {
            return false;
        }
        for (int i = 0; i < marks.length; i += 3) {
            if (names.contains(lines, marks[i], marks[i + 1])) {
                return true;
            }
        }
        return false;
    }

    /** All of these but the named ones; the same object when none of them is here. */
    public Headers without(HeaderNames names) {
        if (!names.mayHaveOneOf(bits)) {
            return this;
        }
        int kept = 0;
        int bytes = 0;
        for (int i = 0; i < size(); i++) {
            if (!names.contains(lines, nameStart(i), nameEnd(i))) {
                kept++;
                bytes += valueEnd(i) + 1 - nameStart(i);
            }
        }
        if (kept == size()) {
            return this;
        }
        byte[] keptLines = new byte[bytes];
        int[] keptMarks = new int[kept * 3];
        int at = 0;
        int mark = 0;
        for (int i = 0; i < size(); i++) {
            if (!names.contains(lines, nameStart(i), nameEnd(i))) {
                int start = nameStart(i);
                int length = valueEnd(i) + 1 - start;
                System.arraycopy(lines, start, keptLines, at, length);
                keptMarks[mark++] = at;
                keptMarks[mark++] = at + nameEnd(i) - start;
                keptMarks[mark++] = at + length - 1;
                at += length;
            }
        }
        return new Headers(keptLines, keptMarks, plain);
    }

    /** These and then the others. */
    public Headers with(Headers more) {
        byte[] allLines = Arrays.copyOf(lines, lines.length + more.lines.length);
        System.arraycopy(more.lines, 0, allLines, lines.length, more.lines.length);
        int[] allMarks = Arrays.copyOf(marks, marks.length + more.marks.length);
        for (int i = 0; i < more.marks.length; i++) {
            allMarks[marks.length + i] = more.marks[i] + lines.length;
        }
        return new Headers(allLines, allMarks, plain && more.plain);
    }

    /** The same with another value for each header of this name. */
    public Headers replace(String name, String value) {
        Builder builder = new Builder();
        for (int i = 0; i < size(); i++) {
            builder.add(name(i), name(i).equals(name) ? value : value(i));
        }
        return builder.build();
    }

    int indexOf(String name) {
        int length = name.length();
        for (int i = 0; i < marks.length; i += 3) {
            if (marks[i + 1] - marks[i] == length && matches(marks[i], name)) {
                return i / 3;
            }
        }
        return isAscii(name) ? -1 : indexOf(name.getBytes(UTF_8));
    }

    /** What is looked up is ASCII, a byte each; what is not matches nothing here. */
    private boolean matches(int start, String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            if (lines[start + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private int indexOf(byte[] name) {
        for (int i = 0; i < size(); i++) {
            if (Arrays.equals(name, 0, name.length, lines, nameStart(i), nameEnd(i))) {
                return i;
            }
        }
        return -1;
    }

    byte[] lines() {
        return lines;
    }

    boolean isPlain() {
        return plain;
    }

    int nameStart(int index) {
        return marks[3 * index];
    }

    int nameEnd(int index) {
        return marks[3 * index + 1];
    }

    int valueEnd(int index) {
        return marks[3 * index + 2];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Headers that && Arrays.equals(marks, that.marks) && Arrays.equals(lines, that.lines);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lines);
    }

    /** For logs and test failures; not the wire format. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < size(); i++) {
            out.append(i == 0 ? "" : ", ").append(name(i)).append('=').append(value(i));
        }
        return out.append('}').toString();
    }

    /**
     * Whether a byte stands for itself on the wire in every version; a colon does so only as the separator, a NUL only
     * as the frame's end.
     */
    static boolean isPlain(int b) {
        return b != '\\' && b != '\n' && b != '\r' && b != ':' && b != 0;
    }

    /** Collects headers; not thread-safe. */
    public static final class Builder {

        private byte[] lines = new byte[128];
        private int[] marks = new int[12];
        private int length;
        private int count;
        private boolean plain = true;

        private Builder() {}

        /**
         * Adds a header at the end.
         *
         * @throws IllegalArgumentException when the name is empty
         */
        public Builder add(String name, String value) {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("a header has a name");
            }
            byte[] nameBytes = name.getBytes(UTF_8);
            byte[] valueBytes = value.getBytes(UTF_8);
            return add(nameBytes, 0, nameBytes.length, valueBytes, 0, valueBytes.length);
        }

        /**
         * Adds a header whose value is a decimal number, behind those that are there.
         *
         * @throws IllegalArgumentException when the name is empty
         */
        public Builder add(String name, long value) {
            return add(name, Long.toString(value));
        }

        /** Adds the header when it has a value. */
        public Builder addIfPresent(String name, @Nullable String value) {
            return value == null ? this : add(name, value);
        }

        Builder add(byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
            int needed = length + (nameTo - nameFrom) + (valueTo - valueFrom) + 2;
            if (needed > lines.length) {
                lines = Arrays.copyOf(lines, Math.max(needed, lines.length * 2));
            }
            if (3 * count + 3 > marks.length) {
                marks = Arrays.copyOf(marks, marks.length * 2);
            }
            marks[3 * count] = length;
            put(name, nameFrom, nameTo);
            marks[3 * count + 1] = length;
            lines[length++] = ':';
            put(value, valueFrom, valueTo);
            marks[3 * count + 2] = length;
            lines[length++] = '\n';
            count++;
            return this;
        }

        private void put(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                plain &= isPlain(bytes[i]);
                lines[length++] = bytes[i];
            }
        }

        /** The headers that were added, in that order. */
        public Headers build() {
            return count == 0
                    ? EMPTY
                    : new Headers(Arrays.copyOf(lines, length), Arrays.copyOf(marks, 3 * count), plain);
        }
    }
}
