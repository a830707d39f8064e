package io.fanfare.server.internal.websocket;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.Utf8;
import java.nio.ByteBuffer;

/** The payload of one message on its way to the session: of text, only what is UTF-8. Owned by the connection's loop. */
final class Payloads {

    private final MessageListener connection;
    private final Utf8 utf8 = new Utf8();
    private boolean text;

    Payloads(MessageListener connection) {
        this.connection = connection;
    }

    void begin(boolean isText) {
        text = isText;
    }

    /**
     * Hands on the next bytes.
     *
     * @param bytes with an array, from index 0 on
     */
    void give(ByteBuffer bytes) {
        if (text && !utf8.accept(bytes.array(), 0, bytes.limit())) {
            throw malformedText();
        }
        connection.payload(bytes);
    }

    /** The message is over. */
    void end() {
        if (text && !utf8.isComplete()) {
            throw malformedText();
        }
    }

    private static ProtocolException malformedText() {
        return new ProtocolException(
                "malformed UTF-8", "a text message must be UTF-8 (RFC 6455 8.1)", CloseCode.INVALID_DATA);
    }

    static ProtocolException tooLarge(long length, int limit) {
        return new ProtocolException(
                "message too large",
                Limits.exceeded("the message has %,d B", length, limit, "max_frame_bytes"),
                CloseCode.TOO_BIG);
    }
}
