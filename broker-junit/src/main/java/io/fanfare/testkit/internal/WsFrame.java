package io.fanfare.testkit.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * A WebSocket frame (RFC 6455 5.2).
 *
 * @param octets of the whole frame, as they came
 * @param opcode as below
 * @param payload unmasked
 */
public record WsFrame(byte[] octets, int opcode, byte[] payload) {

    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

    /**
     * A whole frame.
     *
     * @param masked as a client must send it
     */
    public static WsFrame of(int opcode, byte[] payload, boolean masked) {
        ByteBuffer out = ByteBuffer.allocate(14 + payload.length);
        out.put((byte) (0x80 | opcode));
        int maskBit = masked ? 0x80 : 0;
        if (payload.length < 126) {
            out.put((byte) (maskBit | payload.length));
        } else if (payload.length < 1 << 16) {
            out.put((byte) (maskBit | 126)).putShort((short) payload.length);
        } else {
            out.put((byte) (maskBit | 127)).putLong(payload.length);
        }
        if (masked) {
            out.put(MASK);
        }
        for (int i = 0; i < payload.length; i++) {
            out.put((byte) (masked ? payload[i] ^ MASK[i & 3] : payload[i]));
        }
        byte[] octets = new byte[out.position()];
        out.flip().get(octets);
        return new WsFrame(octets, opcode, payload);
    }

    /** A Close with a code and a reason. */
    public static WsFrame close(int code, String reason, boolean masked) {
        byte[] text = reason.getBytes(UTF_8);
        ByteBuffer payload =
                ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text);
        return of(CLOSE, payload.array(), masked);
    }

    /** Whether it is a Close, a Ping or a Pong. */
    public boolean isControl() {
        return opcode >= CLOSE;
    }

    /** A Close frame's code; 1005 when it has none. */
    public int closeCode() {
        return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    /** A Close frame's reason. */
    public String closeReason() {
        return payload.length <= 2 ? "" : new String(payload, 2, payload.length - 2, UTF_8);
    }
}
