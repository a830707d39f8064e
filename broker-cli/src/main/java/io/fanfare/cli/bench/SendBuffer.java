package io.fanfare.cli.bench;

import io.fanfare.cli.wire.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Bytes that wait for one socket. Callers check {@link #isFull()} before they add more. Owned by the generator's
 * thread.
 */
final class SendBuffer {

    private static final int FULL = 64 << 10;

    private byte[] bytes = new byte[1024];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private int from;
    private int to;

    boolean isEmpty() {
        return from == to;
    }

    boolean isFull() {
        return to - from >= FULL;
    }

    /** Appends bytes; returns their position in {@link #array()}, which is valid until the next call. */
    int put(byte[] source) {
        reserve(source.length);
        int at = to;
        System.arraycopy(source, 0, bytes, at, source.length);
        to += source.length;
        return at;
    }

    byte[] array() {
        return bytes;
    }

    /** Appends an unfragmented frame with a fresh mask (RFC 6455 5.2, 5.3). */
    void frame(int opcode, byte[] payload) {
        reserve(FrameHeader.MAX_BYTES + payload.length);
        int mask = ThreadLocalRandom.current().nextInt();
        to = FrameHeader.put(bytes, to, FrameHeader.FIN | opcode, payload.length, mask);
        to = FrameHeader.putMasked(bytes, to, payload, mask);
    }

    /** Writes as much as the socket takes. */
    void flush(Transport transport) throws IOException {
        if (from < to) {
            view.limit(to).position(from);
            from += transport.write(view);
        }
        if (from == to) {
            from = 0;
            to = 0;
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private void reserve(int more) {
        if (to + more <= bytes.length) {
            return;
        }
        int pending = to - from;
        byte[] larger = pending + more <= bytes.length ? bytes : new byte[Math.max(pending + more, 2 * bytes.length)];
        System.arraycopy(bytes, from, larger, 0, pending);
        if (larger != bytes) {
            bytes = larger;
            view = ByteBuffer.wrap(bytes);
        }
        from = 0;
        to = pending;
    }
}
