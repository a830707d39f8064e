package io.fanfare.broker;

import io.fanfare.benchmarks.Defaults;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Outbox;
import io.fanfare.loop.TurnBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Writes the outbox of one connection to its socket; no pieces are shared, as with subscriptions of many ids. */
public class OutboxBenchmark extends Defaults {

    private static final int PIECE_BYTES = 300;

    @Param({"1", "16", "256"})
    int pieces;

    private final TurnBuffer buffer = new TurnBuffer();
    private final Outbox outbox = new Outbox();
    private final OpenSocket socket = new OpenSocket(Framing.TCP);
    private final byte[] piece = new byte[PIECE_BYTES];
    private Object[] owners;

    @Setup
    public void create() {
        owners = new Object[pieces];
        for (int i = 0; i < pieces; i++) {
            owners[i] = new Object();
        }
    }

    /** Flushes at the end of the turn to a socket that takes everything. */
    @Benchmark
    public long flush() {
        append();
        long written = outbox.flush(socket, buffer);
        buffer.reset();
        return written;
    }

    /** Flushes to a socket that is full at the end of the turn and takes everything in the next one. */
    @Benchmark
    public long flushBacklog() {
        append();
        socket.room(0);
        outbox.flush(socket, buffer);
        buffer.reset();
        socket.room(Integer.MAX_VALUE);
        long written = outbox.flush(socket, buffer);
        buffer.reset();
        return written;
    }

    private void append() {
        for (Object owner : owners) {
            Chunk chunk = buffer.bytes(owner, piece, PIECE_BYTES);
            outbox.append(chunk, chunk.lastFrame(), chunk.length());
        }
    }
}
