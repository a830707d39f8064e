package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Framing;
import java.nio.ByteBuffer;

/** A socket that discards what is written; it takes everything, unless {@link #room} sets a limit. */
final class OpenSocket implements Connection {

    private final Framing framing;
    private int room = Integer.MAX_VALUE;

    OpenSocket(Framing framing) {
        this.framing = framing;
    }

    /** Limits the bytes that each further write takes. */
    void room(int bytes) {
        room = bytes;
    }

    @Override
    public Framing framing() {
        return framing;
    }

    @Override
    public int write(ByteBuffer bytes) {
        int taken = Math.min(room, bytes.remaining());
        bytes.position(bytes.position() + taken);
        return taken;
    }

    @Override
    public void awaitWritable() {}

    @Override
    public void suspendReading() {}

    @Override
    public void resumeReading() {}

    @Override
    public void close(CloseCode code, String reason) {
        throw new IllegalStateException("closed: " + code + " " + reason);
    }

    @Override
    public void flushed() {}

    @Override
    public void abort() {
        throw new IllegalStateException("aborted");
    }

    @Override
    public String peer() {
        return "benchmark";
    }
}
