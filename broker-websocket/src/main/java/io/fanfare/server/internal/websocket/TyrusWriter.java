package io.fanfare.server.internal.websocket;

import java.nio.ByteBuffer;
import org.glassfish.tyrus.spi.CompletionHandler;
import org.glassfish.tyrus.spi.Writer;

/** Puts the frames that Tyrus sends (Pong, Close) into the session's outbox, so that they keep their order among all others. */
final class TyrusWriter extends Writer {

    private final WebSocketConnection connection;

    TyrusWriter(WebSocketConnection connection) {
        this.connection = connection;
    }

    /** Completes at once: Tyrus waits for some of its writes, but bytes are written only at the end of the turn. */
    @Override
    public void write(ByteBuffer buffer, CompletionHandler<ByteBuffer> handler) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        connection.session().sendRaw(bytes, bytes.length);
        handler.completed(buffer);
    }

    @Override
    public void close() {
        connection.closeSent();
    }
}
