package io.fanfare.broker;

import io.fanfare.benchmarks.Defaults;
import io.fanfare.loop.Chunk;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Outbox;
import io.fanfare.options.OutboxOptions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Writes the outbox of one connection to its socket; no pieces are shared, as with subscriptions of many ids. */
public class OutboxBenchmark extends Defaults {

    private static final int PIECE_BYTES = 300;

    @Param({"1", "16", "256"})
    int pieces;

    private final BrokerRig loop = new BrokerRig();
    private final OpenSocket socket = new OpenSocket(Framing.TCP);
    private final Outbox outbox = new Outbox(loop, socket, OutboxOptions.DEFAULT, new Flush());
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
        loop.turn();
        return outbox.written();
    }

    /** Flushes to a socket that is full at the end of the turn and takes everything in the next one. */
    @Benchmark
    public long flushBacklog() {
        append();
        socket.room(0);
        loop.turn();
        socket.room(Integer.MAX_VALUE);
        outbox.unblock();
        loop.turn();
        return outbox.written();
    }

    /** The end of a turn, as a session has it. */
    private final class Flush implements EventLoop.Output {
        @Override
        public void flush() {
            outbox.flush();
        }

        @Override
        public void stalled(long waitingBytes) {
            throw new IllegalStateException("stalled with " + waitingBytes + " B");
        }

        @Override
        public void reclaim(long waitingBytes) {
            throw new IllegalStateException("reclaimed " + waitingBytes + " B");
        }

        @Override
        public void abort() {
            throw new IllegalStateException("aborted");
        }
    }

    private void append() {
        for (Object owner : owners) {
            Chunk chunk = loop.buffer().bytes(owner, piece, PIECE_BYTES);
            outbox.append(chunk, chunk.lastFrame(), chunk.length());
        }
    }
}
