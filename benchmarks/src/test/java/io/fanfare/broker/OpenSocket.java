package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.loop.Connection;
import io.fanfare.loop.Framing;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A socket that discards what is written, unless it is to {@link #keep} it; it takes everything, unless {@link #room} sets a
 * limit.
 */
final class OpenSocket implements Connection {

    private final Framing framing;
    private int room = Integer.MAX_VALUE;
    private @Nullable StringBuilder kept;

    OpenSocket(Framing framing) {
        this.framing = framing;
    }

    /** Limits the bytes that each further write takes. */
    void room(int bytes) {
        room = bytes;
    }

    /** Keeps what is written from now on. */
    void keep() {
        kept = new StringBuilder();
    }

    /** What has been written since {@link #keep}, octet by octet; nothing is kept any more. */
    String kept() {
        String all = String.valueOf(kept);
        kept = null;
        return all;
    }

    @Override
    public Framing framing() {
        return framing;
    }

    @Override
    public int write(ByteBuffer bytes) {
        int taken = Math.min(room, bytes.remaining());
        for (int i = 0; kept != null && i < taken; i++) {
            kept.append((char) bytes.get(bytes.position() + i));
        }
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
