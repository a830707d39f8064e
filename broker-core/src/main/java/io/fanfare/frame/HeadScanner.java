package io.fanfare.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a frame's head (command, headers, empty line) in bytes that may be cut anywhere, looking at each byte
 * once, and checks its limits on the way. Positions are relative to the head's first byte.
 */
final class HeadScanner {

    private static final byte[] NOTHING = new byte[0];

    /** The octets that are more than a part of a name or a value, by their value without a sign. */
    private static final boolean[] SPECIAL = new boolean[256];

    static {
        Arrays.fill(SPECIAL, 128, 256, true);
        for (char each : "\0\n\r:\\".toCharArray()) {
            SPECIAL[each] = true;
        }
    }

    /** The part of the head that came with earlier bytes. */
    private byte[] earlier = NOTHING;

    private int earlierLength;

    /** Start, colon and end of each line; the command's line first, whose colon is unused. */
    private int[] lines = new int[3 * 9];

    private int lineCount;
    private int lineStart;
    private int colon;

    /** Whether what the wire shows is what a header says: no backslash, no CR, no second colon. */
    private boolean plain;

    private boolean ascii;

    /** The whole head, once it is found. */
    private byte[] head = NOTHING;

    private int headStart;
    private int headEnd;

    /** Begins a head, behind {@link #end} of the one before. */
    void begin() {
        lineStart = 0;
        colon = -1;
        plain = true;
        ascii = true;
    }

    /** The position behind the head, or -1 when it goes on beyond these bytes, of which there is one at least. */
    int scan(byte[] bytes, int from, int end, FrameLimits limits) {
        int base = from - earlierLength;
        try {
            return scan(bytes, from, end, base, limits);
        } catch (ProtocolException e) {
            append(bytes, from, Math.max(from, base + lineStart));
            throw e;
        }
    }

    private int scan(byte[] bytes, int from, int end, int base, FrameLimits limits) {
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (!SPECIAL[b & 0xFF]) {
                continue;
            }
            if (b == '\n') {
                if (endLine(i - base, i > from ? bytes[i - 1] : lastEarlier(), limits)) {
                    keep(bytes, from, i + 1);
                    return i + 1;
                }
            } else if (b == ':') {
                if (colon >= 0) {
                    plain = false;
                } else {
                    colon = i - base;
                }
            } else if (b == '\\' || b == '\r') {
                plain = false;
            } else if (b < 0) {
                ascii = false;
            } else if (b == 0) {
                // a line that is too long is too long, also when it is looked at only now
                checkLength(i - base - lineStart, limits);
                throw new ProtocolException(
                        "malformed frame", "a NUL octet stands before the empty line that ends the headers");
            }
        }
        // a CR may turn out to be part of the line's end
        int lineEnd = bytes[end - 1] == '\r' ? end - 1 : end;
        checkLength(lineEnd - base - lineStart, limits);
        append(bytes, from, end);
        return -1;
    }

    private byte lastEarlier() {
        return earlierLength == 0 ? 0 : earlier[earlierLength - 1];
    }

    /** Takes the line that ends before this position; true when it was the empty one. */
    private boolean endLine(int lineFeed, byte before, FrameLimits limits) {
        int end = before == '\r' ? lineFeed - 1 : lineFeed;
        checkLength(end - lineStart, limits);
        if (end == lineStart) {
            return true;
        }
        if (lineCount > limits.maxHeaders()) {
            throw FrameLimits.tooLarge(
                    "number of headers", "the frame has %,d headers", lineCount, limits.maxHeaders(), "max_headers");
        }
        if (lineCount > 0 && colon <= lineStart) {
            throw colon < 0
                    ? new ProtocolException("malformed header", "header line " + lineCount + " has no colon")
                    : new ProtocolException("malformed header", "header line " + lineCount + " has an empty name");
        }
        if (3 * lineCount + 3 > lines.length) {
            lines = Arrays.copyOf(lines, lines.length * 2);
        }
        lines[3 * lineCount] = lineStart;
        lines[3 * lineCount + 1] = colon;
        lines[3 * lineCount + 2] = end;
        lineCount++;
        lineStart = lineFeed + 1;
        colon = -1;
        return false;
    }

    private void checkLength(int length, FrameLimits limits) {
        if (lineCount == 0 && length > limits.maxCommandBytes()) {
            throw FrameLimits.tooLarge(
                    "command", "the command has %,d B", length, limits.maxCommandBytes(), "max_command_bytes");
        }
        if (lineCount > 0 && length > limits.maxHeaderLineBytes()) {
            throw FrameLimits.tooLarge(
                    "header line",
                    "the header line has %,d B",
                    length,
                    limits.maxHeaderLineBytes(),
                    "max_header_line_bytes");
        }
        limits.checkFrame(lineStart + length);
    }

    private void append(byte[] bytes, int from, int to) {
        int length = earlierLength + to - from;
        if (length > earlier.length) {
            earlier = Arrays.copyOf(earlier, Math.max(length, 2 * earlier.length));
        }
        System.arraycopy(bytes, from, earlier, earlierLength, to - from);
        earlierLength = length;
    }

    private void keep(byte[] bytes, int from, int to) {
        if (earlierLength == 0) {
            head = bytes;
            headStart = from;
            headEnd = to;
        } else {
            append(bytes, from, to);
            head = earlier;
            headStart = 0;
            headEnd = earlierLength;
        }
    }

    Command command() {
        if (lineCount == 0) {
            throw new ProtocolException("malformed frame", "a frame begins with a command");
        }
        Command command = commandOrNull();
        if (command == null) {
            throw new ProtocolException(
                    "unknown command",
                    "unknown command "
                            + Printable.of(new String(head, headStart, lines[2], UTF_8))
                            + "; commands are in capitals, such as CONNECT, SEND or SUBSCRIBE");
        }
        return command;
    }

    /** The command, whose line begins the head. */
    private @Nullable Command commandOrNull() {
        return Command.of(head, headStart, headStart + lines[2]);
    }

    /**
     * The headers.
     *
     * @param version how they are escaped and trimmed; null: not at all
     */
    Headers headers(@Nullable StompVersion version) {
        if (!ascii && !Utf8.isValid(head, headStart, headEnd)) {
            throw new ProtocolException("malformed header", "headers must be UTF-8", CloseCode.INVALID_DATA);
        }
        if (lineCount == 1) {
            return Headers.EMPTY;
        }
        boolean trims = version != null && version.trims();
        return plain && !trims ? plainHeaders() : decodedHeaders(version);
    }

    private Headers plainHeaders() {
        int start = lines[3];
        byte[] block = Arrays.copyOfRange(head, headStart + start, headStart + lines[3 * lineCount - 1] + 1);
        int[] marks = new int[3 * (lineCount - 1)];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = lines[3 + i] - start;
        }
        return new Headers(block, marks, true);
    }

    private Headers decodedHeaders(@Nullable StompVersion version) {
        Headers.Builder builder = Headers.builder();
        for (int line = 1; line < lineCount; line++) {
            int start = headStart + lines[3 * line];
            int middle = headStart + lines[3 * line + 1];
            int end = headStart + lines[3 * line + 2];
            if (version != null && version.escapes()) {
                byte[] name = unescape(start, middle, version);
                byte[] value = unescape(middle + 1, end, version);
                builder.add(name, 0, name.length, value, 0, value.length);
            } else if (version == null) {
                builder.add(head, start, middle, head, middle + 1, end);
            } else {
                int from = skipBlanks(middle + 1, end);
                builder.add(head, start, middle, head, from, skipBlanksBack(from, end));
            }
        }
        return builder.build();
    }

    private byte[] unescape(int from, int to, StompVersion version) {
        byte[] out = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = head[i];
            if (b == '\\') {
                int plainByte = ++i < to ? version.unescape(head[i]) : -1;
                if (plainByte < 0) {
                    throw new ProtocolException(
                            "undefined escape",
                            "STOMP " + version + " does not define the escape sequence "
                                    + Printable.of(new String(head, i - 1, Math.min(2, to - i + 1), UTF_8))
                                    + " (STOMP " + version + ", Value Encoding)");
                }
                b = (byte) plainByte;
            }
            out[length++] = b;
        }
        return Arrays.copyOf(out, length);
    }

    private int skipBlanks(int from, int end) {
        int i = from;
        while (i < end && (head[i] == ' ' || head[i] == '\t')) {
            i++;
        }
        return i;
    }

    private int skipBlanksBack(int from, int end) {
        int i = end;
        while (i > from && (head[i - 1] == ' ' || head[i - 1] == '\t')) {
            i--;
        }
        return i;
    }

    /** The receipt asked for by a frame that turned out to be malformed, as far as it had been read. */
    @Nullable
    String receipt(@Nullable StompVersion version) {
        if (head == NOTHING) {
            head = earlier;
            headStart = 0;
        }
        if (lineCount == 0) {
            return null;
        }
        Command command = commandOrNull();
        for (int line = 1; line < lineCount; line++) {
            int start = headStart + lines[3 * line];
            int middle = headStart + lines[3 * line + 1];
            int end = headStart + lines[3 * line + 2];
            if ("receipt".equals(new String(head, start, middle - start, UTF_8))) {
                return receipt(middle + 1, end, command == null || command.isEscaped() ? version : null);
            }
        }
        return null;
    }

    private @Nullable String receipt(int from, int to, @Nullable StompVersion version) {
        if (!Utf8.isValid(head, from, to)) {
            return null;
        }
        if (version == null) {
            return new String(head, from, to - from, UTF_8);
        }
        if (version.trims()) {
            int start = skipBlanks(from, to);
            return new String(head, start, skipBlanksBack(start, to) - start, UTF_8);
        }
        try {
            return new String(unescape(from, to, version), UTF_8);
        } catch (ProtocolException e) {
            return null;
        }
    }

    /** Lets go of all bytes. */
    void end() {
        earlier = NOTHING;
        earlierLength = 0;
        head = NOTHING;
        lineCount = 0;
    }
}
