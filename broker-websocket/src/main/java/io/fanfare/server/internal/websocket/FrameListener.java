package io.fanfare.server.internal.websocket;

import io.fanfare.frame.ProtocolException;
import java.nio.ByteBuffer;

/** Receiver of what a {@link MessageReader} finds: the connection. */
interface FrameListener {

    /** The first frame of a data message begins. */
    void messageBegins(boolean text);

    /** Unmasked bytes of an unfragmented message, or inflated ones of a compressed message. */
    void payload(ByteBuffer bytes);

    /** A Ping came, with this payload. */
    void pinged(ByteBuffer payload);

    /** Bytes of a fragment, as they came. */
    void passToTyrus(ByteBuffer bytes);

    /** A Close frame begins, the last that is read. */
    void closeReceived();

    /** The Close frame is whole, with this payload. */
    void closeRead(ByteBuffer payload);

    /** The peer has violated the protocol, or a limit: nothing more is read. */
    void refuse(ProtocolException why);

    /**
     * A frame came that costs work and carries nothing: it is charged to a rate limit.
     *
     * @throws ProtocolException when it comes too often
     */
    void chargeUnproductive();

    /** The largest fragment or compressed message allowed right now, in bytes. */
    int maxFrameBytes();

    /** Whether the client has to wait: what it has sent is kept. */
    boolean mustWait();
}
