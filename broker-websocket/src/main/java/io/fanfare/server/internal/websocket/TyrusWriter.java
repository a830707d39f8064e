package io.fanfare.server.internal.websocket;

import java.nio.ByteBuffer;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/**
 * Takes what Tyrus sends, which is nothing but a Close behind a violation, after it has told its endpoint of it. The
 * connection sends that Close itself, as it sends all others.
 */
final class TyrusWriter extends Writer {

    @Override
    public void write(ByteBuffer buffer, CompletionHandler<ByteBuffer> handler) {
        handler.completed(buffer);
    }

    @Override
    public void close() {
        // the connection closes the socket
    }
}
