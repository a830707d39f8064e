package io.fanfare.loop;

import io.fanfare.broker.BrokerOptions;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection's way out: its outbox, and what happens when the socket is full, stays full, or the backlog grows too
 * large. Owned by the connection's loop.
 */
public final class Outlet {

    /** What the owner of the connection is told. */
    public interface Listener {
        /**
         * The socket has taken bytes.
         *
         * @param written how many since the beginning
         */
        void written(long written);

        /** Nothing is left to write. */
        void drained();

        /** More waits than may wait. */
        void overflowed(String detail);

        /** The socket has taken nothing for too long. */
        void stalled(long pendingBytes);
    }

    private final EventLoop loop;
    private final Connection connection;
    private final BrokerOptions options;
    private final Listener listener;
    private final Outbox outbox = new Outbox();
    private @Nullable Timer writeTimer;

    /** Whether the socket was full at the last write and has not said since that it has room. */
    private boolean blocked;

    /** When the socket became full. */
    private long blockedSince;

    private boolean closed;
    private long lastSent;

    /** Bytes that the socket has taken since the beginning. */
    private long written;

    public Outlet(EventLoop loop, Connection connection, BrokerOptions options, Listener listener) {
        this.loop = loop;
        this.connection = connection;
        this.options = options;
        this.listener = listener;
        this.lastSent = loop.nanoTime();
    }

    public void append(Chunk chunk, int from, int to) {
        outbox.append(chunk, from, to);
    }

    /** Bytes since the beginning that the socket has taken or will be given. */
    public long appendedBytes() {
        return written + outbox.pendingBytes();
    }

    /** Bytes that the socket has not taken yet. */
    public long pendingBytes() {
        return outbox.pendingBytes();
    }

    public boolean isEmpty() {
        return outbox.isEmpty();
    }

    /** Whether the socket is full. */
    public boolean isBlocked() {
        return blocked;
    }

    /** When the socket last took something, in the loop's nanoseconds. */
    public long lastSent() {
        return lastSent;
    }

    /** Writes what the socket takes; called at the end of a turn. */
    public void flush() {
        if (closed) {
            outbox.clear();
            return;
        }
        if (!blocked) {
            long taken = outbox.flush(connection, loop.buffer());
            if (taken > 0) {
                lastSent = loop.nanoTime();
                written += taken;
                listener.written(written);
            }
            if (outbox.isEmpty()) {
                listener.drained();
                return;
            }
            block();
        }
        outbox.keep();
        if (outbox.pendingBytes() > options.outbox().maxOutboxBytes() && outbox.pieces() > 1) {
            listener.overflowed(String.format(
                    Locale.ROOT,
                    "%,d B wait for this connection, its limit is %,d (max_outbox_bytes)",
                    outbox.pendingBytes(),
                    options.outbox().maxOutboxBytes()));
        }
    }

    private void block() {
        blocked = true;
        blockedSince = loop.nanoTime();
        connection.awaitWritable();
        if (writeTimer == null) {
            expectProgress(options.outbox().writeTimeout());
        }
    }

    private void expectProgress(Duration in) {
        writeTimer = loop.schedule(in, () -> {
            writeTimer = null;
            if (!blocked || closed) {
                return;
            }
            Duration stalled = Duration.ofNanos(loop.nanoTime() - Math.max(blockedSince, lastSent));
            if (stalled.compareTo(options.outbox().writeTimeout()) >= 0) {
                listener.stalled(outbox.pendingBytes());
            } else {
                expectProgress(options.outbox().writeTimeout().minus(stalled));
            }
        });
    }

    /** The socket has room again; true when there is something to write. */
    public boolean unblock() {
        blocked = false;
        return !outbox.isEmpty();
    }

    /** Throws away what has not begun to leave. */
    public void dropBacklog() {
        outbox.dropBacklog();
    }

    public void close() {
        closed = true;
        if (writeTimer != null) {
            writeTimer.cancel();
        }
        outbox.clear();
    }
}
