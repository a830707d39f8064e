package io.fanfare.loop;

import io.fanfare.frame.Limits;
import io.fanfare.options.OutboxOptions;
import io.fanfare.statistics.Count;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bytes on their way to one connection: references to shared chunks, written once at the end of a turn. Says when the
 * socket is full, stays full, or more waits than may wait. Owned by its event loop.
 */
public final class Outbox {

    /** What a flush came to. */
    public enum Flushed {
        /** The socket has taken everything. */
        EMPTY,
        /** The socket is full, and the rest waits for it. */
        BLOCKED,
        /** The socket is full, and more waits than {@code max_outbox_bytes}. */
        OVERFLOWED
    }

    private final EventLoop loop;
    private final Connection connection;
    private final OutboxOptions options;
    private final EventLoop.Output owner;
    private final Pieces pieces = new Pieces();

    /** Null until the socket is full. */
    private @Nullable IdleTimer writeTimer;

    /** Null until as much waits as publishers may have to wait for. */
    private @Nullable OutboxCongestion congestion;

    /** Whether the loop will flush at the end of this turn. */
    private boolean touched;

    /** Whether the socket was full at the last write and has not said since that it has room. */
    private boolean blocked;

    /** When the socket became full, in the loop's nanoseconds. */
    private long blockedSince;

    private boolean closed;
    private long lastSent;

    /** Bytes that the socket has taken since the beginning. */
    private long written;

    /**
     * An empty outbox.
     *
     * @param owner flushed at the end of each turn that appends, and told of a socket that takes nothing
     */
    public Outbox(EventLoop loop, Connection connection, OutboxOptions options, EventLoop.Output owner) {
        this.loop = loop;
        this.connection = connection;
        this.options = options;
        this.owner = owner;
        this.lastSent = loop.nanoTime();
    }

    public EventLoop loop() {
        return loop;
    }

    /** Adds the part of a chunk between two offsets at the end; it leaves at the end of the turn. */
    public void append(Chunk chunk, int from, int to) {
        assert loop.isCurrent();
        pieces.append(chunk, from, to);
        if (!touched) {
            touch();
        }
    }

    /** Adds the frame that a chunk ends with. */
    public void send(Chunk chunk) {
        append(chunk, chunk.lastFrame(), chunk.length());
    }

    /** Adds bytes that are framed already. */
    public void sendRaw(byte[] bytes, int length) {
        send(loop.buffer().bytes(this, bytes, length));
    }

    /** Has the owner flushed at the end of this turn, also when nothing is appended. */
    public void touch() {
        if (!touched) {
            assert loop.isCurrent();
            touched = true;
            loop.touch(owner);
        }
    }

    /** Writes what the socket takes; called at the end of a turn. */
    public Flushed flush() {
        assert loop.isCurrent();
        touched = false;
        if (closed) {
            pieces.clear();
            return Flushed.EMPTY;
        }
        if (!blocked) {
            long before = written;
            boolean full = false;
            while (!full && !pieces.isEmpty()) {
                ByteBuffer bytes = pieces.next(loop.buffer());
                int offered = bytes.remaining();
                int taken = connection.write(bytes);
                pieces.advance(taken);
                written += taken;
                full = taken < offered;
            }
            if (written > before) {
                loop.count(Count.BYTES_SENT, written - before);
                lastSent = loop.flushBegan();
            }
            if (!full) {
                endCongestion();
                return Flushed.EMPTY;
            }
            awaitWritable();
        }
        return waitingForRoom();
    }

    /** The socket is full. */
    private void awaitWritable() {
        blocked = true;
        blockedSince = loop.nanoTime();
        loop.blocked().add(this);
        connection.awaitWritable();
        if (writeTimer == null) {
            writeTimer = new IdleTimer(loop, this::lastProgress, this::stalled);
        }
        writeTimer.start(options.writeTimeout());
    }

    /** Whether what waits for the socket is too much; it outlives the turn. */
    private Flushed waitingForRoom() {
        pieces.keep();
        lookAtCongestion();
        // an empty outbox takes a frame of any size
        boolean overflowed = pieces.bytes() > options.maxOutboxBytes() && !pieces.mayBeOneFrame();
        return overflowed ? Flushed.OVERFLOWED : Flushed.BLOCKED;
    }

    /** Whether the full socket has taken nothing for so long that other clients no longer wait for it. */
    boolean isStalled(long now) {
        return now - lastProgress()
                >= OutboxCongestion.patience(options.writeTimeout()).toNanos();
    }

    /** When the socket last took something, or became full. */
    private long lastProgress() {
        return Math.max(blockedSince, lastSent);
    }

    private @Nullable Duration stalled(Duration silence) {
        if (blocked && !closed) {
            owner.stalled(pieces.bytes());
        }
        return null;
    }

    /** The socket has room again: what waits leaves at the end of the turn. */
    public void unblock() {
        assert loop.isCurrent();
        blocked = false;
        loop.blocked().remove(this);
        if (!pieces.isEmpty()) {
            touch();
        }
    }

    /** Whether the socket is full. */
    public boolean isBlocked() {
        return blocked;
    }

    /** Whether everything appended has been given to the socket. */
    public boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Whether there is room for more of what can wait elsewhere: half of the outbox is for what can't. */
    public boolean hasRoom() {
        return pieces.bytes() <= options.maxOutboxBytes() / 2;
    }

    /** Whether so many bytes more, which can wait elsewhere, have room. An empty outbox takes any number. */
    public boolean hasRoomFor(long bytes) {
        return pieces.isEmpty() || hasRoomForAll(bytes);
    }

    /** As {@link #hasRoomFor}, for bytes that need not come together: an empty outbox takes a part. */
    public boolean hasRoomForAll(long bytes) {
        return pieces.bytes() + bytes <= options.maxOutboxBytes() / 2;
    }

    private void lookAtCongestion() {
        if (congestion == null && pieces.bytes() > options.maxOutboxBytes() / 2) {
            congestion = new OutboxCongestion(loop, options.maxOutboxBytes(), options.writeTimeout());
        }
        if (congestion != null) {
            congestion.update(pieces.bytes(), written, lastProgress());
        }
    }

    private void endCongestion() {
        if (congestion != null) {
            congestion.end();
            congestion = null;
        }
    }

    /** Tells publishers to wait for this connection, or not to; null: little waits. */
    public @Nullable Congestion congestion() {
        return congestion;
    }

    /** Bytes that wait for the socket. */
    long waiting() {
        return pieces.bytes();
    }

    /** All outboxes together hold too much, and this one's socket takes nothing. */
    void reclaim() {
        owner.reclaim(pieces.bytes());
    }

    /** The most that may wait, in bytes. */
    public long maxBytes() {
        return options.maxOutboxBytes();
    }

    /** Bytes that the socket has taken since the beginning. */
    public long written() {
        return written;
    }

    /** Bytes since the beginning that the socket has taken or will be given. */
    public long appended() {
        return written + pieces.bytes();
    }

    /** When the socket last took something, in the loop's nanoseconds. */
    public long lastSent() {
        return lastSent;
    }

    /** What an ERROR says after {@link Flushed#OVERFLOWED}. */
    public String overflow() {
        return Limits.exceeded(
                "%,d B wait for this connection", pieces.bytes(), options.maxOutboxBytes(), "max_outbox_bytes");
    }

    /** Throws away what has not begun to leave. */
    public void dropBacklog() {
        assert loop.isCurrent();
        pieces.dropAllButFirst();
        endCongestion();
    }

    /** The connection is gone: nothing leaves any more. */
    public void close() {
        assert loop.isCurrent();
        closed = true;
        IdleTimer.stop(writeTimer);
        endCongestion();
        loop.blocked().remove(this);
        pieces.clear();
    }
}
