package io.fanfare.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A non-blocking socket, plain or under TLS. Owned by the generator's thread. */
interface Transport {

    /** Reads what is available; returns the number of bytes, -1 at the end of the stream. */
    int read(ByteBuffer to) throws IOException;

    /** Writes as much as is taken now; returns the number of bytes. */
    int write(ByteBuffer from) throws IOException;

    /** Writes bytes that were taken and have not left for the socket. */
    void flush() throws IOException;

    /** Whether a read may leave bytes in this object, of which the selector does not know. */
    boolean mayHoldMore();

    /** The operations to select for, given those that the connection wants. */
    int interest(int wanted);

    /** A plain socket. */
    record Plain(SocketChannel socket) implements Transport {

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
            // bytes that are taken have left
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
