package io.fanfare.server.internal.websocket;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.Utf8;
import java.nio.ByteBuffer;

/** Checks that the payload of a text message is UTF-8, as it comes. Owned by the connection's loop. */
final class PayloadCheck {

    private final Utf8 utf8 = new Utf8();
    private boolean text;

    /** A message begins. */
    void begin(boolean isText) {
        text = isText;
    }

    /**
     * The next bytes, as they are.
     *
     * @param bytes with an array, from index 0 on
     * @throws ProtocolException when a text message can't have them
     */
    ByteBuffer checked(ByteBuffer bytes) {
        if (text && !utf8.accept(bytes.array(), 0, bytes.limit())) {
            throw malformedText();
        }
        return bytes;
    }

    /**
     * The message is over.
     *
     * @throws ProtocolException when it is text and ends inside a character
     */
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
