package io.fanfare.server.internal.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Utf8;
import java.nio.ByteBuffer;

/** What a server sends and understands of Close frames (RFC 6455 5.5.1 and 7.4). */
final class CloseFrame {

    private static final byte FIRST_OCTET = (byte) 0x88;
    private static final int CODE_OCTETS = 2;

    /** RFC 6455 5.5: more than a control frame can have. */
    private static final int MAX_PAYLOAD = 125;

    private CloseFrame() {}

    /**
     * A server's Close, which is not masked.
     *
     * @param reason at most 123 octets of UTF-8
     */
    static byte[] of(int code, String reason) {
        byte[] text = reason.getBytes(UTF_8);
        int length = CODE_OCTETS + text.length;
        if (length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a Close has room for 123 octets of reason: " + reason);
        }
        return ByteBuffer.allocate(2 + length)
                .put(FIRST_OCTET)
                .put((byte) length)
                .putShort((short) code)
                .put(text)
                .array();
    }

    /**
     * The code that answers a client's Close: its own, 1000 when it says none; 1002 when it says one that may not be
     * sent or half of one, 1007 when its reason is not UTF-8.
     *
     * @param payload with an array, from index 0 on
     */
    static int answerTo(ByteBuffer payload) {
        int length = payload.remaining();
        if (length == 0) {
            return CloseCode.NORMAL.code();
        }
        int code = length < CODE_OCTETS ? 0 : payload.getShort(0) & 0xFFFF;
        if (!maySend(code)) {
            return CloseCode.PROTOCOL_ERROR.code();
        }
        return Utf8.isValid(payload.array(), CODE_OCTETS, length) ? code : CloseCode.INVALID_DATA.code();
    }

    /** RFC 6455 7.4.1 and 7.4.2, and what IANA has registered since: 1012 to 1014. */
    private static boolean maySend(int code) {
        boolean isProtocols = code >= 1000 && code <= 1014;
        boolean isNeverSent = code >= 1004 && code <= 1006;
        return (isProtocols && !isNeverSent) || (code >= 3000 && code <= 4999);
    }
}
