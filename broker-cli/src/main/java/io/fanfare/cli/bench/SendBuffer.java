package io.fanfare.cli.bench;

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
    private static final int FIN = 0x80;
    private static final int MASKED = 0x80;
    private static final int MAX_HEADER_BYTES = 14;

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
        reserve(MAX_HEADER_BYTES + payload.length);
        bytes[to++] = (byte) (FIN | opcode);
        length(payload.length);
        int mask = ThreadLocalRandom.current().nextInt();
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[to++] = (byte) (mask >>> shift);
        }
        for (int i = 0; i < payload.length; i++) {
            bytes[to++] = (byte) (payload[i] ^ (mask >>> (24 - 8 * (i & 3))));
        }
    }

    private void length(int length) {
        if (length < 126) {
            bytes[to++] = (byte) (MASKED | length);
        } else if (length < 1 << 16) {
            bytes[to++] = (byte) (MASKED | 126);
            bytes[to++] = (byte) (length >>> 8);
            bytes[to++] = (byte) length;
        } else {
            bytes[to++] = (byte) (MASKED | 127);
            ByteBuffer.wrap(bytes, to, 8).putLong(length);
            to += 8;
        }
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
