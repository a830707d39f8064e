package io.fanfare.server.internal.websocket;

import io.fanfare.server.internal.net.Inflaters;
import io.fanfare.testing.Wire;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;

/** A reader of a client that has agreed on compression, and what such a client sends. */
final class CompressedScene {

    static final int MAX_FRAME = 4 << 20;
    static final int RSV1 = 4;

    private static final int MEBIBYTE = 1 << 20;

    final Heard heard;
    final MessageReader reader;

    CompressedScene() {
        this(MAX_FRAME);
    }

    /** A session whose messages may have so many octets. */
    CompressedScene(int maxMessage) {
        heard = new Heard(maxMessage);
        ByteBuffer decoded = ByteBuffer.allocate(256 << 10);
        reader = new MessageReader(heard, decoded::clear, MAX_FRAME, new Inflaters());
    }

    static WsFrame compressed(int opcode, byte[] payload) {
        return WsFrame.of(opcode, Wire.deflated(payload)).reserved(RSV1);
    }

    /** A message that says it is compressed. */
    static WsFrame raw(byte[] payload) {
        return WsFrame.of(WsFrame.BINARY, payload).reserved(RSV1);
    }

    /** Octets that get smaller. */
    static byte[] text(int octets) {
        byte[] text = new byte[octets];
        Random random = new Random(octets);
        for (int i = 0; i < octets; i++) {
            text[i] = (byte) ('a' + random.nextInt(4));
        }
        return text;
    }

    /** Zeros, compressed. */
    static byte[] bomb(int mebibytes) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] zeros = new byte[MEBIBYTE];
        byte[] out = new byte[64 << 10];
        for (int i = 1; i <= mebibytes; i++) {
            deflater.setInput(zeros);
            all.write(
                    out,
                    0,
                    deflater.deflate(out, 0, out.length, i < mebibytes ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH));
        }
        deflater.end();
        byte[] octets = all.toByteArray();
        return Arrays.copyOf(octets, octets.length - 4);
    }

    void reads(WsFrame... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (WsFrame frame : frames) {
            all.writeBytes(frame.bytes());
        }
        reads(all.toByteArray());
    }

    /** As from a socket: in pieces, direct. */
    void reads(byte[] bytes) {
        int most = 200_000;
        for (int from = 0; from < bytes.length; from += most) {
            reads(bytes, from, Math.min(most, bytes.length - from));
        }
    }

    void reads(byte[] bytes, int from, int length) {
        reader.read(ByteBuffer.allocateDirect(length).put(bytes, from, length).flip());
    }

    /** Takes turns until nothing is held back; the number of them. */
    int goesOn() {
        int turns = 0;
        while (reader.holdsBack()) {
            reader.goOn();
            turns++;
        }
        return turns;
    }
}
