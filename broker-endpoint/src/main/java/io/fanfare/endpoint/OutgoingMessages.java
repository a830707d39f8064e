package io.fanfare.endpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.loop.Framing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes WebSocket messages out of what an outbox writes, which is framed for a socket (RFC 6455 5.2): a container frames
 * payloads by itself. Bytes may be cut anywhere. Owned by its connection's loop.
 */
final class OutgoingMessages {

    private static final int OPCODE_TEXT = 1;
    private static final int OPCODE_MASK = 0x0F;
    private static final int LENGTH_MASK = 0x7F;
    private static final int SHORT_HEADER = 2;

    /** Payload of a heart-beat, which shares its message with nothing. */
    private static final int HEART_BEAT_BYTES = 1;

    private final int maxJoinedBytes;
    private final byte[] header = new byte[Framing.MAX_HEADER_BYTES];
    private int headerLength;
    private boolean text;

    /** The message up to its limit, which its position reaches when it is complete; null before its header is. */
    private @Nullable ByteBuffer payload;

    /**
     * A splitter of one connection's bytes.
     *
     * @param maxJoinedBytes the most bytes of several messages that are joined; 0: each goes by itself
     */
    OutgoingMessages(int maxJoinedBytes) {
        this.maxJoinedBytes = maxJoinedBytes;
    }

    /** Takes bytes up to the end of a message, and of those behind it that are joined to it; the message before was taken. */
    void take(ByteBuffer bytes) {
        if (payload == null && readHeader(bytes)) {
            begin(bytes);
        } else if (payload != null) {
            copy(bytes, payload);
        }
    }

    /** Whether the header is complete now. */
    private boolean readHeader(ByteBuffer bytes) {
        while (headerLength < SHORT_HEADER || headerLength < headerSize(header[1])) {
            if (!bytes.hasRemaining()) {
                return false;
            }
            header[headerLength++] = bytes.get();
        }
        headerLength = 0;
        return true;
    }

    private void begin(ByteBuffer bytes) {
        text = isText(header[0]);
        int length = payloadLength(ByteBuffer.wrap(header), 0);
        ByteBuffer message = ByteBuffer.allocate(joinedLength(length, bytes)).limit(length);
        payload = message;
        copy(bytes, message);
        while (message.limit() < message.capacity()) {
            int next = payloadLength(bytes, bytes.position());
            bytes.position(bytes.position() + headerSize(bytes.get(bytes.position() + 1)));
            message.limit(message.limit() + next);
            copy(bytes, message);
        }
    }

    /** Length of the message that begins with so much, together with all that stand whole behind it and may be joined. */
    private int joinedLength(int length, ByteBuffer bytes) {
        if (length == HEART_BEAT_BYTES) {
            return length;
        }
        int joined = length;
        int at = bytes.position() + length;
        while (at + Framing.MAX_HEADER_BYTES <= bytes.limit() && isText(bytes.get(at)) == text) {
            int next = payloadLength(bytes, at);
            at += headerSize(bytes.get(at + 1)) + next;
            if (next == HEART_BEAT_BYTES || at > bytes.limit() || joined + next > maxJoinedBytes) {
                break;
            }
            joined += next;
        }
        return joined;
    }

    private static boolean isText(byte first) {
        return (first & OPCODE_MASK) == OPCODE_TEXT;
    }

    private static int headerSize(byte second) {
        return switch (second & LENGTH_MASK) {
            case 126 -> 4;
            case 127 -> Framing.MAX_HEADER_BYTES;
            default -> SHORT_HEADER;
        };
    }

    /** The payload's length that the header at an index announces. */
    private static int payloadLength(ByteBuffer bytes, int at) {
        int marker = bytes.get(at + 1) & LENGTH_MASK;
        return switch (marker) {
            case 126 -> bytes.getShort(at + SHORT_HEADER) & 0xFFFF;
            case 127 -> Math.toIntExact(bytes.getLong(at + SHORT_HEADER));
            default -> marker;
        };
    }

    /** Copies what there is, up to the message's limit. */
    private static void copy(ByteBuffer bytes, ByteBuffer message) {
        int length = Math.min(message.remaining(), bytes.remaining());
        message.put(message.position(), bytes, bytes.position(), length);
        message.position(message.position() + length);
        bytes.position(bytes.position() + length);
    }

    boolean isComplete() {
        return payload != null && !payload.hasRemaining();
    }

    boolean isText() {
        return text;
    }

    /** The message, which is complete; another one begins. */
    String takeText() {
        ByteBuffer message = takeBinary();
        return new String(message.array(), 0, message.limit(), UTF_8);
    }

    /** The same, with its bytes from the position to the limit. */
    ByteBuffer takeBinary() {
        ByteBuffer message = payload;
        if (message == null || message.hasRemaining()) {
            throw new IllegalStateException("the message is not complete");
        }
        payload = null;
        return message.flip();
    }
}
