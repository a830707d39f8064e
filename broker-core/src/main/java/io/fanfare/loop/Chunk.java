package io.fanfare.loop;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Buffer of encoded frames that the outboxes of any number of connections refer to. During the turn that wrote them they
 * stand in the loop's {@link TurnBuffer}; when a socket does not take them in that turn they are copied once, for all outboxes that
 * still wait. Owned by its loop.
 */
public final class Chunk {

    private final TurnBuffer buffer;

    /** Where the bytes are during their turn; null once they have been kept. */
    private @Nullable ByteBuffer slab;

    /** Index of the first byte, and behind the last one, in the slab. Offsets of users count from the start. */
    private final int start;

    private int end;

    /** Where the frame that was added last begins, as an offset. */
    private int lastFrame;

    /** Bytes of its largest frame. */
    private int largestFrame;

    /** The bytes after their turn. */
    private byte @Nullable [] kept;

    /** Pieces of outboxes that need the bytes after their turn. */
    private int holders;

    public Chunk(TurnBuffer buffer, ByteBuffer slab, int start) {
        this.buffer = buffer;
        this.slab = slab;
        this.start = start;
        this.end = start;
    }

    /** A chunk too large for a slab. */
    public Chunk(TurnBuffer buffer, byte[] bytes) {
        this.buffer = buffer;
        this.kept = bytes;
        this.start = 0;
        this.end = bytes.length;
        this.largestFrame = bytes.length;
    }

    public int length() {
        return end - start;
    }

    public int lastFrame() {
        return lastFrame;
    }

    int largestFrame() {
        return largestFrame;
    }

    /** Whether the bytes have left the turn's buffer, so that no more can follow them there. */
    boolean isKept() {
        return kept != null;
    }

    void grow(int frameBytes) {
        lastFrame = end - start;
        end += frameBytes;
        largestFrame = Math.max(largestFrame, frameBytes);
    }

    /** The slab with position and limit round these bytes, for one write; null when they must be copied. */
    @Nullable
    public ByteBuffer window(int from, int to) {
        return slab == null ? null : slab.limit(start + to).position(start + from);
    }

    public void copyTo(ByteBuffer out, int from, int length) {
        if (kept != null) {
            out.put(kept, from, length);
        } else if (slab != null) {
            out.put(out.position(), slab.clear(), start + from, length);
            out.position(out.position() + length);
        }
    }

    /** Makes the bytes outlive the turn, for one piece of an outbox more; {@link #release} follows. */
    public void keep() {
        if (holders++ == 0) {
            buffer.keep(length());
        }
        if (slab != null) {
            byte[] copy = new byte[end - start];
            slab.clear().get(start, copy);
            kept = copy;
            slab = null;
        }
    }

    /** One of those that kept them needs the bytes no longer. */
    public void release() {
        if (--holders == 0) {
            buffer.keep(-length());
        }
    }
}
