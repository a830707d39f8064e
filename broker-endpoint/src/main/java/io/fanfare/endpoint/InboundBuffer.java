package io.fanfare.endpoint;

import io.fanfare.loop.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Bounded buffer of bytes that one client has sent, on their way from the container's threads to the loop. A container can't
 * be told to stop reading, so that the thread that brings more than may wait is kept in its call until there is room, and the
 * client's TCP window closes behind it.
 */
final class InboundBuffer {

    /** Bytes that may wait; a part larger than that waits alone. */
    static final int MAX_WAITING_BYTES = 64 << 10;

    /** What a part counts beside its bytes: it may have none. */
    private static final int PART_BYTES = 64;

    /** Bytes that the receiver gets at once. */
    private static final int SLICE_BYTES = 64 << 10;

    /** Bytes after which other clients of the loop have their turn. */
    private static final int TURN_BYTES = 256 << 10;

    /** Takes what came, on the loop. */
    interface Receiver {

        /**
         * A slice has come.
         *
         * @param part that it belongs to
         * @param slice with an array; used up during the call
         */
        void received(Part part, ByteBuffer slice);
    }

    /**
     * A part of a message, as the container gave it.
     *
     * @param text whether it is of a text message
     * @param last whether it ends the message
     */
    record Part(boolean text, byte[] bytes, boolean last) {}

    private final EventLoop loop;
    private final Receiver receiver;

    // ---- guarded by this
    // ----------------------------------------------------------------------------------------------

    private final Queue<Part> parts = new ArrayDeque<>();
    private long waitingBytes;

    /** Whether the loop will look again by itself. */
    private boolean scheduled;

    /** Runs behind all parts; null: nothing ends yet. */
    private @Nullable Runnable end;

    private boolean closed;

    // ---- owned by the loop
    // --------------------------------------------------------------------------------------------

    private boolean suspended;

    /** The part that is being handed over, and how far that has come. */
    private @Nullable Part current;

    private int offset;

    InboundBuffer(EventLoop loop, Receiver receiver) {
        this.loop = loop;
        this.receiver = receiver;
    }

    /**
     * Adds a part, as soon as it has room; called by a thread of the container. After {@link #close} it is dropped.
     *
     * @throws InterruptedException while it waited: the part has been dropped
     */
    synchronized void put(Part part) throws InterruptedException {
        int size = part.bytes().length + PART_BYTES;
        while (!closed && waitingBytes > 0 && waitingBytes + size > MAX_WAITING_BYTES) {
            wait();
        }
        if (!closed) {
            parts.add(part);
            waitingBytes += size;
            schedule();
        }
    }

    /** Runs a task on the loop behind all parts, also behind {@link #close}; nothing follows. Called by any thread. */
    synchronized void end(Runnable task) {
        end = task;
        schedule();
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::drain);
        }
    }

    /** Hands nothing over until {@link #resume}; called on the loop. */
    void suspend() {
        assert loop.isCurrent();
        suspended = true;
    }

    void resume() {
        assert loop.isCurrent();
        suspended = false;
        synchronized (this) {
            schedule();
        }
    }

    /** Drops what waits, and all that is still to come; a thread that waits goes on. Called on the loop. */
    synchronized void close() {
        assert loop.isCurrent();
        closed = true;
        suspended = false;
        current = null;
        parts.clear();
        waitingBytes = 0;
        notifyAll();
        if (end != null) {
            schedule();
        }
    }

    /** Whether a part has been handed over in part; called on the loop. */
    boolean isInsidePart() {
        return current != null;
    }

    private void drain() {
        synchronized (this) {
            scheduled = false;
        }
        int left = TURN_BYTES;
        while (!suspended && left > 0) {
            if (current == null && !next()) {
                return;
            }
            left -= handOver();
        }
        if (!suspended) {
            synchronized (this) {
                schedule();
            }
        }
    }

    /** Takes the next part; false when there is none, after what is to run then. */
    private boolean next() {
        Runnable last;
        synchronized (this) {
            current = parts.poll();
            offset = 0;
            if (current != null) {
                return true;
            }
            last = end;
            end = null;
        }
        if (last != null) {
            last.run();
        }
        return false;
    }

    /** Hands a slice of the current part over; returns what it counted. */
    private int handOver() {
        Part part = Objects.requireNonNull(current);
        int length = Math.min(SLICE_BYTES, part.bytes().length - offset);
        ByteBuffer slice = ByteBuffer.wrap(part.bytes(), offset, length);
        int size = length;
        offset += length;
        if (offset == part.bytes().length) {
            current = null;
            size += PART_BYTES;
        }
        synchronized (this) {
            waitingBytes -= size;
            notifyAll();
        }
        receiver.received(part, slice);
        return size;
    }
}
