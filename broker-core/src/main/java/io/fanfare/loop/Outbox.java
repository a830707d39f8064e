package io.fanfare.loop;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes on their way to one connection: references to shared chunks, in order. Owned by its event loop. */
public final class Outbox {

    private static final int INITIAL = 2;

    private static final @Nullable Chunk[] NO_CHUNKS = {};
    private static final int[] NO_OFFSETS = {};

    /** A ring of pieces; nothing is allocated before the first. */
    private @Nullable Chunk[] chunks = NO_CHUNKS;

    private int[] froms = NO_OFFSETS;
    private int[] tos = NO_OFFSETS;
    private int first;
    private int count;
    private long pendingBytes;

    /** How many of the last pieces may still stand in the turn's buffer. */
    private int fresh;

    /** Adds the part of a chunk between two offsets at the end. */
    public void append(Chunk chunk, int from, int to) {
        pendingBytes += to - from;
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

    /**
     * Writes until nothing is left or the socket is full. What is left is kept beyond the turn.
     *
     * @return how many bytes were written
     */
    public long flush(Connection connection, TurnBuffer buffer) {
        long written = 0;
        while (count > 0) {
            ByteBuffer bytes = next(buffer);
            int offered = bytes.remaining();
            int taken = connection.write(bytes);
            advance(taken);
            written += taken;
            if (taken < offered) {
                keep();
                break;
            }
        }
        if (count == 0) {
            fresh = 0;
        }
        return written;
    }

    /** The bytes to write next: a window on one piece, or several small ones put together. */
    private ByteBuffer next(TurnBuffer buffer) {
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

    private void advance(int bytes) {
        pendingBytes -= bytes;
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
    public void keep() {
        for (int i = Math.max(0, count - fresh); i < count; i++) {
            chunk((first + i) & (chunks.length - 1)).keep();
        }
        fresh = 0;
    }

    /** Throws away all but the first piece, which may have been sent in part. */
    public void dropBacklog() {
        while (count > 1) {
            int last = (first + --count) & (chunks.length - 1);
            pendingBytes -= tos[last] - froms[last];
            if (fresh > 0) {
                fresh--;
            } else {
                chunk(last).release();
            }
            chunks[last] = null;
        }
    }

    public void clear() {
        for (int i = 0; i < count - fresh; i++) {
            chunk((first + i) & (chunks.length - 1)).release();
        }
        chunks = NO_CHUNKS;
        froms = NO_OFFSETS;
        tos = NO_OFFSETS;
        fresh = 0;
        first = 0;
        count = 0;
        pendingBytes = 0;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public int pieces() {
        return count;
    }

    /** Bytes that have not been written yet; shared ones count in full. */
    public long pendingBytes() {
        return pendingBytes;
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
