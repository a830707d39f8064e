package io.fanfare.server.internal.websocket;

import java.nio.ByteBuffer;

/** The mask of one frame's payload (RFC 6455 5.3). Owned by the connection's loop. */
final class Mask {

    private int key;

    /** Octets of the payload so far. */
    private int offset;

    /** A frame begins. */
    void begin(int newKey) {
        key = newKey;
        offset = 0;
    }

    /** Copies octets from one buffer to the other, empty one without their mask, eight at a time. */
    void remove(ByteBuffer in, ByteBuffer out, int length) {
        int turned = Integer.rotateLeft(key, 8 * (offset & 3));
        long wide = ((long) turned << 32) | (turned & 0xFFFFFFFFL);
        int from = in.position();
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            out.putLong(i, in.getLong(from + i) ^ wide);
        }
        for (; i < length; i++) {
            out.put(i, (byte) (in.get(from + i) ^ (turned >>> (24 - 8 * (i & 3)))));
        }
        offset += length;
        in.position(from + length);
        out.position(length);
    }
}
