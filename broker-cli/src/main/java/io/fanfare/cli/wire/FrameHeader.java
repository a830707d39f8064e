package io.fanfare.cli.wire;

import io.fanfare.frame.ProtocolException;
import java.nio.ByteBuffer;

/** The header of a WebSocket frame, as bytes (RFC 6455 5.2). */
public final class FrameHeader {

    /** The bit of the first byte that says that no fragment follows. */
    public static final int FIN = 0x80;

    /** The most bytes of a header, with its mask. */
    public static final int MAX_BYTES = 14;

    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;

    private FrameHeader() {}

    /**
     * Writes a header and its mask.
     *
     * @param first FIN, reserved bits and opcode
     * @return the position behind it
     */
    public static int put(byte[] to, int start, int first, int length, int mask) {
        int at = start;
        to[at++] = (byte) first;
        if (length < 126) {
            to[at++] = (byte) (MASKED | length);
        } else if (length < 1 << 16) {
            to[at++] = (byte) (MASKED | 126);
            to[at++] = (byte) (length >>> 8);
            to[at++] = (byte) length;
        } else {
            to[at++] = (byte) (MASKED | 127);
            ByteBuffer.wrap(to, at, 8).putLong(length);
            at += 8;
        }
        ByteBuffer.wrap(to, at, MASK_BYTES).putInt(mask);
        return at + MASK_BYTES;
    }

    /** Copies a payload masked (RFC 6455 5.3); returns the position behind it. */
    public static int putMasked(byte[] to, int start, byte[] payload, int mask) {
        int at = start;
        for (int i = 0; i < payload.length; i++) {
            to[at++] = (byte) (payload[i] ^ (mask >>> (24 - 8 * (i & 3))));
        }
        return at;
    }

    /**
     * The size of a server's header in bytes, from its second byte.
     *
     * @throws ProtocolException when the frame is masked
     */
    public static int size(byte second) {
        int length = second & 0xFF;
        if (length > 127) {
            // RFC 6455 5.1: a server must not mask
            throw new ProtocolException("the broker sent a masked WebSocket frame");
        }
        return length < 126 ? 2 : length == 126 ? 4 : 10;
    }

    /** The length of the payload that a whole header announces; negative when it is no length. */
    public static long length(byte[] bytes, int at) {
        return switch (size(bytes[at + 1])) {
            case 2 -> bytes[at + 1];
            case 4 -> ByteBuffer.wrap(bytes, at + 2, 2).getShort() & 0xFFFF;
            default -> ByteBuffer.wrap(bytes, at + 2, 8).getLong();
        };
    }
}
