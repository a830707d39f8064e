package io.fanfare.loop;

import io.fanfare.compression.Compression;
import io.fanfare.compression.Deflation;
import io.fanfare.compression.Payload;
import io.fanfare.statistics.LoopCounts;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Buffer in which one loop encodes frames: direct memory that is written front to back during a turn and is free again
 * after the turn's flush. Owned by its loop.
 */
public final class TurnBuffer {

    /** Large enough for what a socket takes at once. */
    public static final int SLAB_BYTES = 256 << 10;

    /** More slabs than this are given back after a long turn. */
    private static final int KEEP_SLABS = 8;

    /** RFC 7692 6: the message is compressed. */
    private static final int RSV1 = 0x40;

    private static final byte[] NOTHING = {};

    private final LoopCounts counts;
    private final List<ByteBuffer> slabs = new ArrayList<>();
    private int slab;
    private int position;
    private long turn;
    private @Nullable Object owner;
    private @Nullable Chunk open;

    /** Bytes of chunks that outlive their turn, each once; written by the loop, read by any thread. */
    private volatile long keptBytes;

    /** Where several pieces are put together for one write. */
    private @Nullable ByteBuffer scratch;

    /** Room for a WebSocket header, and for that of a stored block behind it. */
    private final byte[] header = new byte[Framing.MAX_HEADER_BYTES + Deflation.STORED_HEADER];

    /** Made for the first message that is compressed. */
    private @Nullable Deflation deflation;

    /**
     * An empty buffer.
     *
     * @param counts of the loop: told of compressed messages
     */
    public TurnBuffer(LoopCounts counts) {
        this.counts = counts;
    }

    /**
     * Adds one frame: its head, its body, the NUL, and the line feed that TCP has behind it.
     *
     * @param owner frames of one owner that follow each other share a chunk
     * @return the chunk that ends with this frame
     */
    public Chunk frame(Object owner, Framing framing, boolean text, byte[] head, int headLength, byte[] body) {
        int payload = headLength + body.length + 1;
        int headerLength = framing.writeHeader(header, payload, text);
        return write(owner, headerLength, head, headLength, body, framing.end());
    }

    /**
     * Adds one compressed WebSocket message (RFC 7692 6): what the subscription has of its own in a stored block, behind it
     * the blocks that all receivers share.
     *
     * @return the chunk that ends with it; null, and nothing is added, where it would not be smaller than {@link #frame}
     */
    public @Nullable Chunk compressed(
            Object owner, Framing framing, boolean text, Compression compression, Payload payload) {
        byte[] shared = deflation().deflate(payload, compression.windowBits());
        if (shared.length == 0) {
            return null;
        }
        int own = payload.own();
        int headerLength = framing.writeHeader(header, Deflation.STORED_HEADER + own + shared.length, text);
        header[0] |= RSV1;
        Deflation.putStoredHeader(header, headerLength, own);
        return write(owner, headerLength + Deflation.STORED_HEADER, payload.head(), own, shared, NOTHING);
    }

    private Deflation deflation() {
        if (deflation == null) {
            deflation = new Deflation(counts);
        }
        return deflation;
    }

    /** Adds what stands in {@link #header}, the first octets of a head, a body, and an end. */
    private Chunk write(Object owner, int headerLength, byte[] head, int headLength, byte[] body, byte[] end) {
        int bodyAt = headerLength + headLength;
        int endAt = bodyAt + body.length;
        int length = endAt + end.length;
        if (length > SLAB_BYTES) {
            byte[] bytes = new byte[length];
            System.arraycopy(header, 0, bytes, 0, headerLength);
            System.arraycopy(head, 0, bytes, headerLength, headLength);
            System.arraycopy(body, 0, bytes, bodyAt, body.length);
            System.arraycopy(end, 0, bytes, endAt, end.length);
            return large(bytes);
        }
        Chunk chunk = room(owner, length);
        ByteBuffer out = slabs.get(slab).clear();
        out.put(position, header, 0, headerLength);
        out.put(position + headerLength, head, 0, headLength);
        out.put(position + bodyAt, body);
        out.put(position + endAt, end);
        return wrote(chunk, length);
    }

    /**
     * Adds a frame of this turn once more, for another owner.
     *
     * @param end {@link #used} when it had been added
     */
    public Chunk copy(Object owner, int end, int length) {
        Chunk chunk = room(owner, length);
        int from = end - length;
        ByteBuffer source = slabs.get(from / SLAB_BYTES).clear();
        slabs.get(slab).clear().put(position, source, from % SLAB_BYTES, length);
        return wrote(chunk, length);
    }

    /** The number of the turn whose bytes it has. */
    public long turn() {
        return turn;
    }

    /** Adds bytes that are complete as they stand. */
    public Chunk bytes(Object owner, byte[] bytes, int length) {
        if (length > SLAB_BYTES) {
            return large(Arrays.copyOf(bytes, length));
        }
        Chunk chunk = room(owner, length);
        slabs.get(slab).clear().put(position, bytes, 0, length);
        return wrote(chunk, length);
    }

    long keptBytes() {
        return keptBytes;
    }

    /** A chunk begins to be kept, or ends, with a negative number; called on the loop, which alone writes. */
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void keep(long bytes) {
        keptBytes += bytes;
    }

    private Chunk large(byte[] bytes) {
        open = null;
        owner = null;
        return new Chunk(this, bytes);
    }

    private Chunk room(Object newOwner, int length) {
        if (slabs.isEmpty()) {
            slabs.add(ByteBuffer.allocateDirect(SLAB_BYTES));
        }
        if (position + length > SLAB_BYTES) {
            position = 0;
            open = null;
            if (++slab == slabs.size()) {
                slabs.add(ByteBuffer.allocateDirect(SLAB_BYTES));
            }
        }
        Chunk chunk = open;
        if (chunk == null || owner != newOwner || chunk.isKept()) {
            chunk = new Chunk(this, slabs.get(slab), position);
            open = chunk;
            owner = newOwner;
        }
        return chunk;
    }

    private Chunk wrote(Chunk chunk, int length) {
        chunk.grow(length);
        position += length;
        return chunk;
    }

    /** Bytes of this turn so far. */
    public int used() {
        return slab * SLAB_BYTES + position;
    }

    ByteBuffer scratch() {
        if (scratch == null) {
            scratch = ByteBuffer.allocateDirect(SLAB_BYTES);
        }
        return scratch.clear();
    }

    /** Forgets this turn's bytes; chunks that are still needed have kept theirs. */
    public void reset() {
        turn++;
        slab = 0;
        position = 0;
        owner = null;
        open = null;
        if (deflation != null) {
            deflation.endTurn();
        }
        while (slabs.size() > KEEP_SLABS) {
            slabs.remove(slabs.size() - 1);
        }
    }
}
