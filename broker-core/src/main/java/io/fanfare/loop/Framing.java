package io.fanfare.loop;

import java.nio.ByteBuffer;

/** The form of a STOMP frame on its way to one connection: what stands round it, or instead of it. */
public enum Framing {
    /** A WebSocket text message (RFC 6455 5.6), or a binary one for bytes that are not UTF-8. */
    WEBSOCKET_TEXT,
    /** A WebSocket binary message; for clients that send binary themselves. */
    WEBSOCKET_BINARY,
    /**
     * A line feed behind the NUL: plain STOMP over TCP. PHP's PECL client and ActiveMQ's test client take it for a part
     * of the frame.
     */
    TCP,
    /** Nothing: plain STOMP over TCP, to the letter. */
    TCP_WITHOUT_LF,
    /**
     * No STOMP frame at all, but an event of an event stream (HTML Standard 9.2): MESSAGEs are encoded as such, and the
     * connection is told of the session's other frames.
     */
    EVENTS,
    /**
     * Nothing: a subscriber in the broker's own JVM. MESSAGEs are encoded as for plain STOMP, and the connection is told of
     * the session's other frames.
     */
    EMBEDDED;

    private static final int FIN_TEXT = 0x81;
    private static final int FIN_BINARY = 0x82;

    /** No header is longer than this. */
    public static final int MAX_HEADER_BYTES = 10;

    // STOMP 1.2, Heart-beating: an end of line
    private static final byte[] LINE_FEED = {'\n'};
    private static final byte[] TEXT_LINE_FEED = {(byte) FIN_TEXT, 1, '\n'};
    private static final byte[] BINARY_LINE_FEED = {(byte) FIN_BINARY, 1, '\n'};

    private static final byte[] NUL = {0};
    private static final byte[] NUL_AND_LINE_FEED = {0, '\n'};

    /** A comment of an event stream; its empty line ends no event, as there is none. */
    private static final byte[] COMMENT = {':', '\n', '\n'};

    /** The octets of a heart-beat; not to be changed. */
    public byte[] heartBeat() {
        return switch (this) {
            case WEBSOCKET_TEXT -> TEXT_LINE_FEED;
            case WEBSOCKET_BINARY -> BINARY_LINE_FEED;
            case TCP, TCP_WITHOUT_LF, EMBEDDED -> LINE_FEED;
            case EVENTS -> COMMENT;
        };
    }

    /** What operators call the way that a client has come. */
    public String transport() {
        return switch (this) {
            case WEBSOCKET_TEXT, WEBSOCKET_BINARY -> "websocket";
            case TCP, TCP_WITHOUT_LF -> "tcp";
            case EVENTS -> "sse";
            case EMBEDDED -> "embedded";
        };
    }

    /** Whether the connection is told of CONNECTED, RECEIPT and ERROR, and is not sent them. */
    public boolean isTold() {
        return this == EVENTS || this == EMBEDDED;
    }

    public boolean isWebSocket() {
        return this == WEBSOCKET_TEXT || this == WEBSOCKET_BINARY;
    }

    /** What ends a frame behind its body: the NUL, and over TCP a line feed; not to be changed. */
    byte[] end() {
        return this == TCP ? NUL_AND_LINE_FEED : NUL;
    }

    /**
     * Writes the header of one unfragmented, unmasked message (RFC 6455 5.2; a server never masks).
     *
     * @param text whether the payload is UTF-8
     * @return how many bytes were written at the start of {@code out}
     */
    public int writeHeader(byte[] out, int payload, boolean text) {
        if (!isWebSocket()) {
            return 0;
        }
        out[0] = (byte) (this == WEBSOCKET_TEXT && text ? FIN_TEXT : FIN_BINARY);
        if (payload < 126) {
            out[1] = (byte) payload;
            return 2;
        }
        if (payload < 1 << 16) {
            out[1] = 126;
            out[2] = (byte) (payload >>> 8);
            out[3] = (byte) payload;
            return 4;
        }
        out[1] = 127;
        ByteBuffer.wrap(out, 2, 8).putLong(payload);
        return MAX_HEADER_BYTES;
    }
}
