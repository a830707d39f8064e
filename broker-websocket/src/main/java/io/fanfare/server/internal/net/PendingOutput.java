package io.fanfare.server.internal.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Writes bytes to a socket and keeps those that it has not taken. Owned by the socket's loop. */
final class PendingOutput {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel socket;
    private ByteBuffer pending = NOTHING;
    private boolean shutDown;

    PendingOutput(SocketChannel socket) {
        this.socket = socket;
    }

    /** Whether bytes wait for room in the socket. */
    boolean hasPending() {
        return pending.hasRemaining();
    }

    /** Writes bytes, behind those that wait; what the socket does not take is copied. */
    void write(ByteBuffer bytes) throws IOException {
        if (hasPending()) {
            pending = ByteBuffer.allocate(pending.remaining() + bytes.remaining())
                    .put(pending)
                    .put(bytes)
                    .flip();
        } else if (bytes.hasRemaining()) {
            socket.write(bytes);
            pending = copy(bytes);
        }
    }

    /** Writes what waits; true when nothing is left of it. */
    boolean flush() throws IOException {
        if (hasPending()) {
            socket.write(pending);
            if (pending.hasRemaining()) {
                return false;
            }
            pending = NOTHING;
            if (shutDown) {
                socket.shutdownOutput();
            }
        }
        return true;
    }

    /** Shuts the sending side down, once everything has been written. */
    void shutDown() throws IOException {
        shutDown = true;
        if (!hasPending()) {
            socket.shutdownOutput();
        }
    }

    /** A copy of what remains in a buffer that will be used again. */
    static ByteBuffer copy(ByteBuffer bytes) {
        return bytes.hasRemaining()
                ? ByteBuffer.allocate(bytes.remaining()).put(bytes).flip()
                : NOTHING;
    }
}
