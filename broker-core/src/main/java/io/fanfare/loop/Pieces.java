package io.fanfare.loop;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A ring of references to parts of shared chunks, in the order in which they leave. Owned by the event loop of its
 * {@link Outbox}.
 */
final class Pieces {

    private static final int INITIAL = 2;

    private static final @Nullable Chunk[] NO_CHUNKS = {};
    private static final int[] NO_OFFSETS = {};

    /** A ring of pieces; nothing is allocated before the first. */
    private @Nullable Chunk[] chunks = NO_CHUNKS;

    private int[] froms = NO_OFFSETS;
    private int[] tos = NO_OFFSETS;
    private int first;
    private int count;
    private long size;

    /** How many of the last pieces may still stand in the turn's buffer. */
    private int fresh;

    /** Adds the part of a chunk between two offsets at the end. */
    void append(Chunk chunk, int from, int to) {
        size += to - from;
        if (count > 0) {
            int last = (first + count - 1) & (chunks.length - 1);
            if (chunks[last] == chunk && tos[last] == from) {
                tos[last] = to;
                return;
            }
        }
        if (count == chunks.length) {
            grow();
        }
        int index = (first + count++) & (chunks.length - 1);
        fresh++;
        chunks[index] = chunk;
        froms[index] = from;
        tos[index] = to;
    }

    /** The bytes to write next: a window on one piece, or several small ones put together. */
    ByteBuffer next(TurnBuffer buffer) {
        Chunk chunk = chunk(first);
        if (count == 1) {
            ByteBuffer window = chunk.window(froms[first], tos[first]);
            if (window != null) {
                return window;
            }
        }
        ByteBuffer out = buffer.scratch();
        for (int i = 0; i < count && out.hasRemaining(); i++) {
            int index = (first + i) & (chunks.length - 1);
            chunk(index).copyTo(out, froms[index], Math.min(tos[index] - froms[index], out.remaining()));
        }
        return out.flip();
    }

    /** The socket has taken so many of the bytes. */
    void advance(int bytes) {
        size -= bytes;
        int rest = bytes;
        while (rest > 0) {
            int length = tos[first] - froms[first];
            if (rest < length) {
                froms[first] += rest;
                return;
            }
            rest -= length;
            if (count > fresh) {
                chunk(first).release();
            }
            chunks[first] = null;
            first = (first + 1) & (chunks.length - 1);
            count--;
            fresh = Math.min(fresh, count);
        }
    }

    /** Makes what is left outlive the turn. */
    void keep() {
        for (int i = Math.max(0, count - fresh); i < count; i++) {
            chunk((first + i) & (chunks.length - 1)).keep();
        }
        fresh = 0;
    }

    /** Throws away all but the first piece, which may have been sent in part. */
    void dropAllButFirst() {
        while (count > 1) {
            int last = (first + --count) & (chunks.length - 1);
            size -= tos[last] - froms[last];
            if (fresh > 0) {
                fresh--;
            } else {
                chunk(last).release();
            }
            chunks[last] = null;
        }
    }

    void clear() {
        for (int i = 0; i < count - fresh; i++) {
            chunk((first + i) & (chunks.length - 1)).release();
        }
        chunks = NO_CHUNKS;
        froms = NO_OFFSETS;
        tos = NO_OFFSETS;
        fresh = 0;
        first = 0;
        count = 0;
        size = 0;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether that may be one frame, or what is left of it; frames that follow each other may be one piece. */
    boolean mayBeOneFrame() {
        return count == 1 && size <= chunk(first).largestFrame();
    }

    /** Bytes that have not been written yet; shared ones count in full. */
    long bytes() {
        return size;
    }

    private Chunk chunk(int index) {
        Chunk chunk = chunks[index];
        assert chunk != null;
        return chunk;
    }

    private void grow() {
        int size = Math.max(INITIAL, 2 * chunks.length);
        @Nullable Chunk[] newChunks = Arrays.copyOf(rotated(chunks), size);
        int[] newFroms = Arrays.copyOf(rotated(froms), size);
        int[] newTos = Arrays.copyOf(rotated(tos), size);
        chunks = newChunks;
        froms = newFroms;
        tos = newTos;
        first = 0;
    }

    private @Nullable Chunk[] rotated(@Nullable Chunk[] ring) {
        @Nullable Chunk[] out = ring.clone();
        System.arraycopy(ring, first, out, 0, ring.length - first);
        System.arraycopy(ring, 0, out, ring.length - first, first);
        return out;
    }

    private int[] rotated(int[] ring) {
        int[] out = ring.clone();
        System.arraycopy(ring, first, out, 0, ring.length - first);
        System.arraycopy(ring, 0, out, ring.length - first, first);
        return out;
    }
}
