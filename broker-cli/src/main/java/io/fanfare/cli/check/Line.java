package io.fanfare.cli.check;

import java.io.IOException;
import java.time.Duration;

/** Connection that carries the bytes of STOMP in both directions, over TCP or WebSocket. Used by one thread. */
sealed interface Line permits TcpLine, WebSocketLine {

    /** Sends bytes at once: over WebSocket they are one message, text if they are UTF-8. */
    void send(byte[] bytes) throws IOException;

    /**
     * The next byte of STOMP; -1 at the end of the connection.
     *
     * @throws java.net.SocketTimeoutException when none comes in time
     */
    int read() throws IOException;

    /** Sets how long the next {@link #read} waits. */
    void timeout(Duration most) throws IOException;

    /** Cuts the connection. */
    void close();
}
