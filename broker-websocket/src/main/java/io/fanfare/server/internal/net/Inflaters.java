package io.fanfare.server.internal.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.Inflater;

/**
 * The decompressors of one loop, for its connections' compressed messages (RFC 7692): a connection has one only while a
 * message of it is being handed out, none while it is idle. Owned by the loop.
 */
public final class Inflaters {

    /** What one call inflates at most. */
    private static final int OUTPUT_BYTES = 64 << 10;

    /** Decompressors kept for the next message: nearly always one is enough. */
    private static final int MOST_IDLE = 2;

    private final Deque<Inflater> idle = new ArrayDeque<>(MOST_IDLE);
    private final byte[] output = new byte[OUTPUT_BYTES];

    /** A decompressor at the beginning of a message; {@link #giveBack} follows. */
    public Inflater take() {
        Inflater inflater = idle.poll();
        // raw DEFLATE, with the largest window
        return inflater == null ? new Inflater(true) : inflater;
    }

    public void giveBack(Inflater inflater) {
        if (idle.size() < MOST_IDLE) {
            inflater.reset();
            idle.push(inflater);
        } else {
            inflater.end();
        }
    }

    /** Where inflated octets stand until the next call that inflates. */
    public byte[] output() {
        return output;
    }
}
