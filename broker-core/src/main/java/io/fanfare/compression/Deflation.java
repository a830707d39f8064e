package io.fanfare.compression;

import io.fanfare.statistics.Count;
import io.fanfare.statistics.LoopCounts;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.Deflater;

/**
 * Compresses messages for all connections of one loop, each message once in a turn, whatever the number of subscriptions
 * that get it. Has the loop's one compressor: a compressor for each connection would take a quarter of a megabyte. Owned by
 * its loop.
 */
public final class Deflation {

    /** The result where compressing saves nothing. */
    public static final byte[] NOT_SMALLER = {};

    /** Header of a stored block that begins at an octet's first bit (RFC 1951 3.2.4): its type, LEN and NLEN. */
    public static final int STORED_HEADER = 5;

    private static final int MAX_STORED = 0xFFFF;

    /** RFC 7692 7.2.1: an empty stored block ends each message, and its last four octets are left out. */
    private static final int OMITTED = 4;

    /** zlib repeats the end of a flush where less than seven octets have room. */
    private static final int LEAST_ROOM = 64;

    /**
     * Of more octets than this the loop's other connections would feel the compressor's best, which takes three times as
     * long as its fastest and saves a sixth.
     */
    private static final int FAST_FROM = 16 << 10;

    /** What a turn remembers of compressed messages; of the rest, each audience's are compressed for it. */
    private static final int MAX_REMEMBERED = 1 << 20;

    private static final int OUT_BYTES = 16 << 10;
    private static final int MAX_OUT_BYTES = 256 << 10;
    private static final byte[] NUL = {0};

    private final LoopCounts counts;
    private final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Map<Input, byte[]> remembered = new HashMap<>();
    private int rememberedBytes;
    private byte[] out = new byte[OUT_BYTES];
    private int length;

    /** Octets until the compressor must forget what came before, so that no reference goes back beyond the window. */
    private int windowLeft;

    /**
     * Nothing compressed yet.
     *
     * @param counts of the loop: told of each message
     */
    public Deflation(LoopCounts counts) {
        this.counts = counts;
    }

    /**
     * What is compressed together. Equal ones become the same octets: heads are compared, bodies are the same array.
     *
     * @param head may have further octets at both sides
     */
    private record Input(byte[] head, int from, int to, byte[] body, int windowBits) {

        Input copy() {
            return new Input(Arrays.copyOfRange(head, from, to), 0, to - from, body, windowBits);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Input that
                    && body == that.body
                    && windowBits == that.windowBits
                    && Arrays.equals(head, from, to, that.head, that.from, that.to);
        }

        @Override
        public int hashCode() {
            int hash = System.identityHashCode(body) + windowBits;
            for (int i = from; i < to; i++) {
                hash = 31 * hash + head[i];
            }
            return hash;
        }
    }

    /**
     * The DEFLATE blocks of what all receivers of a payload get, which refer to nothing before them.
     *
     * @return the blocks, to be read only; {@link #NOT_SMALLER} where the payload as it is takes no more room
     */
    public byte[] deflate(Payload payload, int windowBits) {
        if (payload.own() > MAX_STORED) {
            return NOT_SMALLER;
        }
        Input input = new Input(payload.head(), payload.own(), payload.headLength(), payload.body(), windowBits);
        byte[] known = remembered.get(input);
        if (known != null) {
            return known;
        }
        int before = payload.sharedLength();
        compress(input, before);
        boolean isSmaller = length - OMITTED + STORED_HEADER < before;
        byte[] blocks = isSmaller ? Arrays.copyOf(out, length - OMITTED) : NOT_SMALLER;
        counts.add(Count.COMPRESSED, 1);
        counts.add(Count.BYTES_BEFORE_COMPRESSION, before);
        counts.add(Count.BYTES_AFTER_COMPRESSION, isSmaller ? blocks.length : before);
        int cost = input.to() - input.from() + blocks.length;
        if (rememberedBytes + cost <= MAX_REMEMBERED) {
            rememberedBytes += cost;
            remembered.put(input.copy(), blocks);
        }
        return blocks;
    }

    /**
     * Writes the header of the stored block with what a subscription has of its own.
     *
     * @param at where it begins in {@code out}
     */
    public static void putStoredHeader(byte[] out, int at, int own) {
        // RFC 1951 3.2.4: type 0, then LEN and its complement, both with the low octet first
        out[at] = 0;
        out[at + 1] = (byte) own;
        out[at + 2] = (byte) (own >>> 8);
        out[at + 3] = (byte) ~own;
        out[at + 4] = (byte) (~own >>> 8);
    }

    private void compress(Input input, int size) {
        length = 0;
        windowLeft = window(input.windowBits());
        deflater.reset();
        deflater.setLevel(size < FAST_FROM ? Deflater.DEFAULT_COMPRESSION : Deflater.BEST_SPEED);
        put(input.head(), input.from(), input.to(), input.windowBits());
        put(input.body(), 0, input.body().length, input.windowBits());
        put(NUL, 0, 1, input.windowBits());
        run(Deflater.SYNC_FLUSH);
    }

    private static int window(int bits) {
        // the compressor's own window is its largest
        return bits == Compression.MAX_WINDOW_BITS ? Integer.MAX_VALUE : 1 << bits;
    }

    private void put(byte[] octets, int from, int to, int windowBits) {
        int next = from;
        while (next < to) {
            int part = Math.min(to - next, windowLeft);
            deflater.setInput(octets, next, part);
            run(Deflater.NO_FLUSH);
            next += part;
            windowLeft -= part;
            if (windowLeft == 0) {
                run(Deflater.FULL_FLUSH);
                windowLeft = window(windowBits);
            }
        }
    }

    private void run(int flush) {
        do {
            if (out.length - length < LEAST_ROOM) {
                out = Arrays.copyOf(out, 2 * out.length);
            }
            length += deflater.deflate(out, length, out.length - length, flush);
            // a call that changes the level takes no input
        } while (length == out.length || !deflater.needsInput());
    }

    /** Forgets this turn's messages. */
    public void endTurn() {
        if (rememberedBytes > 0) {
            remembered.clear();
            rememberedBytes = 0;
        }
        if (out.length > MAX_OUT_BYTES) {
            out = new byte[OUT_BYTES];
        }
    }
}
