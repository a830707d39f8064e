package io.fanfare.testkit.internal;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts the octets of a WebSocket into frames. Not thread-safe. */
public final class WsSplitter {

    private byte[] octets = new byte[1024];
    private int size;

    /** Takes octets; gives each frame that is whole now. */
    public void feed(byte[] more, int offset, int length, Consumer<WsFrame> whole) {
        if (octets.length - size < length) {
            octets = Arrays.copyOf(octets, Math.max(2 * octets.length, size + length));
        }
        System.arraycopy(more, offset, octets, size, length);
        size += length;
        int start = 0;
        for (int end = endOf(start); end > 0; end = endOf(start)) {
            whole.accept(frame(start, end));
            start = end;
        }
        System.arraycopy(octets, start, octets, 0, size - start);
        size -= start;
    }

    /** Octets of the frame that has begun. */
    public int pending() {
        return size;
    }

    /** Where the frame ends that begins here; 0: it is not whole. */
    private int endOf(int start) {
        int head = headerBytes(start);
        if (head == 0 || size - start < head) {
            return 0;
        }
        long end = start + head + payloadBytes(start);
        return end <= size ? (int) end : 0;
    }

    private int headerBytes(int start) {
        if (size - start < 2) {
            return 0;
        }
        int length = octets[start + 1] & 0x7F;
        int more = length == 126 ? 2 : length == 127 ? 8 : 0;
        return 2 + more + (isMasked(start) ? 4 : 0);
    }

    private boolean isMasked(int start) {
        return (octets[start + 1] & 0x80) != 0;
    }

    private long payloadBytes(int start) {
        int length = octets[start + 1] & 0x7F;
        if (length == 126) {
            return ByteBuffer.wrap(octets, start + 2, 2).getShort() & 0xFFFF;
        }
        return length == 127 ? ByteBuffer.wrap(octets, start + 2, 8).getLong() & Long.MAX_VALUE : length;
    }

    private WsFrame frame(int start, int end) {
        int head = headerBytes(start);
        byte[] payload = Arrays.copyOfRange(octets, start + head, end);
        if (isMasked(start)) {
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= octets[start + head - 4 + (i & 3)];
            }
        }
        return new WsFrame(Arrays.copyOfRange(octets, start, end), octets[start] & 15, payload);
    }
}
