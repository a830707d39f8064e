package io.fanfare.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.fanfare.frame.JsonString;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes a MESSAGE as an event of an event stream (HTML Standard 9.2.5): in {@code data} a JSON object with {@code headers},
 * {@code destination}, and {@code body}, or {@code base64} when the body is not UTF-8; in {@code id} its place, by which every
 * node knows it, or its message-id. Into
 * an array of its own that is used again for the next one. Owned by a loop.
 */
final class EventEncoder {

    /** An array that a large message has left is given back. */
    private static final int MAX_KEPT_BYTES = 256 << 10;

    private static final int INITIAL_BYTES = 1 << 10;

    private static final byte[] DATA = ascii("data: {\"headers\":{");
    private static final byte[] DESTINATION = ascii("},\"destination\":");
    private static final byte[] BODY = ascii(",\"body\":");
    private static final byte[] BASE64 = ascii(",\"base64\":");
    private static final byte[] ID = ascii("\nid: ");
    private static final byte[] END = ascii("\n\n");
    private static final byte[] DESTINATION_NAME = ascii("destination");
    private static final byte[] ID_NAME = ascii("message-id");
    private static final byte[] SEQUENCE_NAME = ascii("seq");
    private static final byte[] EPOCH_NAME = ascii("epoch");

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;

    /** Where the lines of the head begin that have been written. */
    private int[] names = new int[16];

    private int nameCount;

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /**
     * Encodes a message.
     *
     * @param head the head of its MESSAGE as STOMP 1.2 has it, up to the empty line
     * @param isText whether the body is UTF-8
     */
    void encode(byte[] head, byte[] body, boolean isText) {
        begin();
        put(DATA);
        int destination = -1;
        int id = -1;
        int sequence = -1;
        int epoch = -1;
        int line = lineEnd(head, 0) + 1;
        while (head[line] != '\n') {
            // STOMP 1.2, Repeated Header Entries: the first counts
            if (!isRepeated(head, line)) {
                header(head, line);
                destination = isNamed(head, line, DESTINATION_NAME) ? line : destination;
                id = isNamed(head, line, ID_NAME) ? line : id;
                sequence = isNamed(head, line, SEQUENCE_NAME) ? line : sequence;
                epoch = isNamed(head, line, EPOCH_NAME) ? line : epoch;
            }
            line = lineEnd(head, line) + 1;
        }
        put(DESTINATION);
        string(head, destination + DESTINATION_NAME.length + 1, lineEnd(head, destination), true);
        body(body, isText);
        put((byte) '}');
        if (sequence >= 0 && epoch >= 0) {
            put(ID);
            value(head, epoch);
            put((byte) '-');
            value(head, sequence);
        } else if (id >= 0) {
            put(ID);
            value(head, id);
        }
        put(END);
    }

    private void body(byte[] body, boolean isText) {
        if (isText) {
            put(BODY);
            string(body, 0, body.length, false);
        } else {
            put(BASE64);
            byte[] encoded = Base64.getEncoder().encode(body);
            string(encoded, 0, encoded.length, false);
        }
    }

    /** Adds a header's value of letters, digits and hyphens. */
    private void value(byte[] head, int line) {
        put(head, nameEnd(head, line) + 1, lineEnd(head, line));
    }

    /** The event begins at index 0 here; valid until the next one. */
    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    private void begin() {
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = new byte[INITIAL_BYTES];
        }
        length = 0;
        nameCount = 0;
    }

    private void header(byte[] head, int line) {
        if (nameCount > 0) {
            put((byte) ',');
        }
        if (nameCount == names.length) {
            names = Arrays.copyOf(names, 2 * nameCount);
        }
        names[nameCount++] = line;
        int colon = nameEnd(head, line);
        string(head, line, colon, true);
        put((byte) ':');
        string(head, colon + 1, lineEnd(head, line), true);
    }

    private boolean isRepeated(byte[] head, int line) {
        int colon = nameEnd(head, line);
        for (int i = 0; i < nameCount; i++) {
            int other = names[i];
            if (Arrays.equals(head, line, colon, head, other, nameEnd(head, other))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNamed(byte[] head, int line, byte[] name) {
        return Arrays.equals(head, line, nameEnd(head, line), name, 0, name.length);
    }

    private static int nameEnd(byte[] head, int line) {
        int end = line;
        while (head[end] != ':') {
            end++;
        }
        return end;
    }

    private static int lineEnd(byte[] head, int line) {
        int end = line;
        while (head[end] != '\n') {
            end++;
        }
        return end;
    }

    /**
     * Adds a string.
     *
     * @param isEscaped whether backslashes begin escapes of STOMP 1.2 (Value Encoding)
     */
    private void string(byte[] from, int start, int end, boolean isEscaped) {
        put((byte) '"');
        for (int i = start; i < end; i++) {
            byte b = from[i];
            if (isEscaped && b == '\\') {
                b = unescaped(from[++i]);
            }
            byte[] escape = JsonString.escape(b);
            if (escape.length == 0) {
                put(b);
            } else {
                put(escape);
            }
        }
        put((byte) '"');
    }

    private static byte unescaped(byte letter) {
        return switch (letter) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'c' -> ':';
            default -> letter;
        };
    }

    private void put(byte b) {
        reserve(1);
        bytes[length++] = b;
    }

    private void put(byte[] more) {
        put(more, 0, more.length);
    }

    private void put(byte[] from, int start, int end) {
        reserve(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
