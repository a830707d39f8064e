package io.fanfare.cli.check;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.cli.wire.FrameHeader;
import io.fanfare.cli.wire.Opcode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket frame (RFC 6455 5.2), right or wrong.
 *
 * @param first FIN, reserved bits and opcode
 */
record WsFrame(int first, byte[] payload) {

    /** The code of a Close without one (RFC 6455 7.1.5). */
    static final int NO_CODE = 1005;

    static WsFrame whole(int opcode, byte[] payload) {
        return new WsFrame(FrameHeader.FIN | opcode, payload);
    }

    static WsFrame text(String transcript) {
        return whole(Opcode.TEXT, Peer.bytes(transcript));
    }

    static WsFrame close(int code) {
        return whole(Opcode.CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
    }

    /** A fragment with others behind it. */
    static WsFrame fragment(int opcode, byte[] payload) {
        return new WsFrame(opcode, payload);
    }

    int opcode() {
        return first & 0x0F;
    }

    /** As a client must send it. */
    byte[] masked() {
        byte[] bytes = new byte[FrameHeader.MAX_BYTES + payload.length];
        int mask = ThreadLocalRandom.current().nextInt();
        int at = FrameHeader.put(bytes, 0, first, payload.length, mask);
        return Arrays.copyOf(bytes, FrameHeader.putMasked(bytes, at, payload, mask));
    }

    /** As a client must not send it; at most 125 bytes of payload. */
    byte[] unmasked() {
        byte[] bytes = new byte[2 + payload.length];
        bytes[0] = (byte) first;
        bytes[1] = (byte) payload.length;
        System.arraycopy(payload, 0, bytes, 2, payload.length);
        return bytes;
    }

    int closeCode() {
        return payload.length < 2 ? NO_CODE : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }

    String text() {
        return new String(payload, UTF_8);
    }
}
