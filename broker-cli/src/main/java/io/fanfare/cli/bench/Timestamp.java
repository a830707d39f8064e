package io.fanfare.cli.bench;

/**
 * The time at the start of a body: nanoseconds of the run as 8 ASCII characters of 6 bits each, lowest first. Its range
 * is three days.
 */
final class Timestamp {

    static final int BYTES = 8;

    private static final int BITS = 6;
    private static final int MASK = (1 << BITS) - 1;

    private Timestamp() {}

    static void write(long nanos, byte[] to, int at) {
        long rest = nanos;
        for (int i = 0; i < BYTES; i++) {
            to[at + i] = (byte) ('0' + (rest & MASK));
            rest >>>= BITS;
        }
    }

    static long read(byte[] from, int at) {
        long nanos = 0;
        for (int i = BYTES - 1; i >= 0; i--) {
            nanos = (nanos << BITS) | ((from[at + i] - '0') & MASK);
        }
        return nanos;
    }
}
