package io.fanfare.server.internal.websocket;

import io.fanfare.frame.ProtocolException;
import java.nio.ByteBuffer;

/** The header of one WebSocket frame from a client (RFC 6455 5.2), as it comes. Owned by the connection's loop. */
final class FrameHeader {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int RESERVED = 0x70;

    /** RFC 7692 6: the message is compressed. */
    private static final int RSV1 = 0x40;

    private static final int MASKED = 0x80;
    private static final int MAX_CONTROL_PAYLOAD = 125;

    private final boolean mayBeCompressed;
    private final byte[] bytes = new byte[14];
    private int length;

    /**
     * No header yet.
     *
     * @param mayBeCompressed whether messages may be
     */
    FrameHeader(boolean mayBeCompressed) {
        this.mayBeCompressed = mayBeCompressed;
    }

    /** Whether a header has begun and is not complete. */
    boolean hasBegun() {
        return length > 0;
    }

    /**
     * Reads the next bytes of a header.
     *
     * @return whether it is complete; the next call begins another one
     */
    boolean read(ByteBuffer in) {
        while (in.hasRemaining()) {
            bytes[length++] = in.get();
            if (length == 2) {
                checkFlags();
            }
            if (length >= 2 && length == size()) {
                length = 0;
                checkLength();
                return true;
            }
        }
        return false;
    }

    private int size() {
        return switch (marker()) {
            case 126 -> 8;
            case 127 -> 14;
            default -> 6;
        };
    }

    private int marker() {
        return bytes[1] & 0x7F;
    }

    /** Checks the first two bytes at once: without a mask, the header is shorter than the one that is waited for. */
    private void checkFlags() {
        if ((bytes[1] & MASKED) == 0) {
            throw new ProtocolException("unmasked frame", "a client must mask its frames (RFC 6455 5.1)");
        }
        int reserved = bytes[0] & RESERVED;
        boolean isUsed = reserved == RSV1 && mayBeCompressed && (opcode() == TEXT || opcode() == BINARY);
        if (reserved != 0 && !isUsed) {
            throw new ProtocolException("reserved bit", "no extension was negotiated that uses it (RFC 6455 5.2)");
        }
    }

    private void checkLength() {
        if (isControl() && (marker() > MAX_CONTROL_PAYLOAD || !isLast())) {
            throw new ProtocolException(
                    "malformed control frame",
                    "a control frame has at most 125 B and is never fragmented (RFC 6455 5.5)");
        }
        if (payloadLength() < 0) {
            throw new ProtocolException("malformed length", "a length has 63 bits (RFC 6455 5.2)");
        }
    }

    int opcode() {
        return bytes[0] & 0x0F;
    }

    boolean isControl() {
        return opcode() >= CLOSE;
    }

    boolean isLast() {
        return (bytes[0] & FIN) != 0;
    }

    /** Whether a compressed message begins with this frame. */
    boolean isCompressed() {
        return (bytes[0] & RSV1) != 0;
    }

    long payloadLength() {
        ByteBuffer all = ByteBuffer.wrap(bytes);
        return switch (marker()) {
            case 126 -> all.getShort(2) & 0xFFFF;
            case 127 -> all.getLong(2);
            default -> marker();
        };
    }

    int maskKey() {
        return ByteBuffer.wrap(bytes).getInt(size() - 4);
    }

    /** Copies the header's bytes as they came. */
    ByteBuffer copy() {
        return ByteBuffer.wrap(bytes.clone(), 0, size());
    }
}
