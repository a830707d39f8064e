package io.fanfare.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** A WebSocket frame (RFC 6455 5.2), good or bad. */
public record WsFrame(boolean last, int reserved, int opcode, boolean masked, byte[] payload) {

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

    /** As a client must send it: whole and masked. */
    public static WsFrame of(int opcode, byte[] payload) {
        return new WsFrame(true, 0, opcode, true, payload);
    }

    /** A text message with a transcript in it. */
    public static WsFrame text(String transcript) {
        return of(TEXT, Transcript.bytes(transcript));
    }

    public static WsFrame binary(String transcript) {
        return of(BINARY, Transcript.bytes(transcript));
    }

    public static WsFrame close(int code) {
        return of(CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    /** The same with FIN off: more fragments follow. */
    public WsFrame notLast() {
        return new WsFrame(false, reserved, opcode, masked, payload);
    }

    public WsFrame unmasked() {
        return new WsFrame(last, reserved, opcode, false, payload);
    }

    /** The same with some of RSV1 (4), RSV2 (2), RSV3 (1). */
    public WsFrame reserved(int bits) {
        return new WsFrame(last, bits, opcode, masked, payload);
    }

    public byte[] bytes() {
        byte[] header = header(payload.length);
        byte[] bytes = Arrays.copyOf(header, header.length + payload.length);
        for (int i = 0; i < payload.length; i++) {
            bytes[header.length + i] = (byte) (masked ? payload[i] ^ MASK[i & 3] : payload[i]);
        }
        return bytes;
    }

    /** The frame's header when it announces so many bytes. */
    public byte[] header(long length) {
        ByteBuffer out = ByteBuffer.allocate(14);
        out.put((byte) ((last ? 0x80 : 0) | reserved << 4 | opcode));
        int maskBit = masked ? 0x80 : 0;
        if (length >= 0 && length < 126) {
            out.put((byte) (maskBit | (int) length));
        } else if (length >= 0 && length < 1 << 16) {
            out.put((byte) (maskBit | 126)).putShort((short) length);
        } else {
            out.put((byte) (maskBit | 127)).putLong(length);
        }
        if (masked) {
            out.put(MASK);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** The payload as a transcript. */
    public String text() {
        return Transcript.text(payload);
    }

    /** A Close frame's code; 1005 when it has none. */
    public int closeCode() {
        return payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    public String closeReason() {
        return payload.length <= 2 ? "" : new String(payload, 2, payload.length - 2, UTF_8);
    }

    @Override
    public String toString() {
        String what = opcode == CLOSE ? closeCode() + " " + closeReason() : text();
        return "opcode " + opcode + (last ? "" : " not last") + ": " + what;
    }
}
