package io.fanfare.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A socket that never waits, in plain or under TLS. Owned by the load's thread. */
interface Wire {

    /** Reads what has come; returns its bytes, 0 when there is nothing, -1 at the end of the stream. */
    int read(ByteBuffer to) throws IOException;

    /** Writes what is taken now; returns its bytes. */
    int write(ByteBuffer from) throws IOException;

    /** Writes what has been taken and has not left. */
    void flush() throws IOException;

    /** Whether one read of a socket that is readable may leave something that the selector does not know of. */
    boolean mayHoldMore();

    /** What to select for, where the connection itself wants these. */
    int interest(int wanted);

    /** A socket as it is. */
    record Plain(SocketChannel socket) implements Wire {

        @Override
        public int read(ByteBuffer to) throws IOException {
            return socket.read(to);
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            return socket.write(from);
        }

        @Override
        public void flush() {
            // what is taken has left
        }

        @Override
        public boolean mayHoldMore() {
            return false;
        }

        @Override
        public int interest(int wanted) {
            return wanted;
        }
    }
}
