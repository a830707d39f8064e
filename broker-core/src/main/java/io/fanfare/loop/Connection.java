package io.fanfare.loop;

import io.fanfare.compression.Compression;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.security.Handshake;
import io.fanfare.security.Principal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The transport's half of one connection, as its session sees it. All calls come from the session's loop. */
public interface Connection {

    Framing framing();

    /** What its messages are compressed with; {@link Framing#isWebSocket} where that is anything. Never changes. */
    default Compression compression() {
        return Compression.NONE;
    }

    /**
     * Writes what the socket takes right now, without waiting.
     *
     * @param bytes a direct buffer, valid only during the call; its position moves behind what was taken
     * @return how many bytes were taken; fewer than remaining means that the socket is full
     */
    int write(ByteBuffer bytes);

    /** Asks for one {@code writable} of the session when the socket has room again. */
    void awaitWritable();

    /** Whether the peer has begun something, a WebSocket message say, and has not sent all of it. */
    default boolean isInsideMessage() {
        return false;
    }

    /** Takes nothing more from the socket, so that the peer has to wait, until {@link #resumeReading}. */
    void suspendReading();

    void resumeReading();

    /** The client is in: its CONNECTED has been written. */
    default void connected() {}

    /**
     * In place of a RECEIPT, where {@link Framing#isTold}.
     *
     * @param headers of the RECEIPT, but for its id: where a subscription begins in what its topic keeps
     */
    default void confirmed(Headers headers) {}

    /** In place of an ERROR, where {@link Framing#isTold}; {@link #close} follows. */
    default void refused(ProtocolException why) {}

    /**
     * Asks the peer for a sign of life that it gives by itself, whatever its program does: a browser answers a WebSocket's
     * Ping for a page whose timers sleep.
     *
     * @return whether it was asked; false where the protocol has no such thing
     */
    default boolean ping() {
        return false;
    }

    /**
     * Ends the connection in the orderly way of its protocol, once everything before has been written. The session is
     * told by {@code closed} when it is over, at most some seconds later.
     */
    void close(CloseCode code, String reason);

    /** After {@link #close}: all that was sent has been given to the socket by now. */
    void flushed();

    /** Cuts the connection at once; the session's {@code closed} follows. */
    void abort();

    /** The peer's address, for logs. Called by any thread. */
    String peer();

    /** The user, where it is known without a login; null: the authenticator is asked. */
    default @Nullable Principal principal() {
        return null;
    }

    /** Whether it is the program's own: it may subscribe anywhere, and the authorizer is not asked. */
    default boolean isTrusted() {
        return false;
    }

    /** What came before the first frame. The headers of an HTTP request are told once, at CONNECT, and forgotten then. */
    default Handshake handshake() {
        return Handshake.from(peer());
    }
}
