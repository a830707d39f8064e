package io.fanfare.server.internal.websocket;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.Utf8;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Reads WebSocket frames of one client (RFC 6455 5.2). Whole data messages, which is nearly all there is, are unmasked
 * straight into the loop's buffer and go on as they come; fragments and control frames go to Tyrus. Limits are checked
 * on the frame's header, before any of it is kept.
 */
final class MessageReader {

    private static final int OPCODE_CONTINUATION = 0;
    private static final int OPCODE_TEXT = 1;
    private static final int OPCODE_BINARY = 2;
    private static final int OPCODE_CLOSE = 8;
    private static final int OPCODE_LAST = 10;
    private static final int MAX_CONTROL_PAYLOAD = 125;
    private static final int MAX_FRAGMENTS = 1024;

    private enum Part {
        HEADER,
        MESSAGE,
        FOR_TYRUS,
        /** After a violation, or the last Close: whatever comes is thrown away. */
        NOTHING
    }

    /** What the reader finds, and what it must know of its connection. */
    interface Listener {

        /** A message begins. */
        void messageBegins(boolean text);

        /** Bytes of a message, unmasked. */
        void payload(ByteBuffer bytes);

        /** Bytes of a frame that Tyrus understands better: fragments and control frames, as they came. */
        void forTyrus(ByteBuffer bytes);

        /** A Close frame begins; true when it answers ours and nothing more is to be said. */
        boolean closeBegins();

        /** What came is no WebSocket: nothing more of it is read. */
        void refuse(ProtocolException why);

        /**
         * Something came that means nothing and keeps us busy.
         *
         * @throws ProtocolException when it comes too often
         */
        void idle();

        /** How large a fragment may be right now, in bytes. */
        int maxFrameBytes();
    }

    private final Listener connection;
    private final Supplier<ByteBuffer> decoded;
    private final int maxPayload;
    private final byte[] header = new byte[14];
    private int headerLength;
    private Part part = Part.HEADER;
    private long payloadLeft;
    private int mask;
    private int maskOffset;
    private boolean text;

    /** Made for the first text message that is not all in one piece or not all ASCII. */
    private Utf8 utf8 = new Utf8();

    /** Fragments of the message that Tyrus is putting together. */
    private int fragments;

    /**
     * A reader of one connection.
     *
     * @param decoded gives an empty buffer with an array, at least as large as what is read at once
     * @param maxPayload bytes of a frame
     */
    MessageReader(Listener connection, Supplier<ByteBuffer> decoded, int maxPayload) {
        this.connection = connection;
        this.decoded = decoded;
        this.maxPayload = maxPayload;
    }

    /** Takes bytes from the socket, cut anywhere. */
    void read(ByteBuffer in) {
        try {
            while (in.hasRemaining() && part != Part.NOTHING) {
                switch (part) {
                    case HEADER -> readHeader(in);
                    case MESSAGE -> readMessage(in);
                    case FOR_TYRUS -> readForTyrus(in);
                    case NOTHING -> throw new IllegalStateException();
                }
            }
        } catch (ProtocolException e) {
            part = Part.NOTHING;
            connection.refuse(e);
        }
    }

    /** Whatever comes from now on is thrown away. */
    void stop() {
        part = Part.NOTHING;
    }

    /** Whether a frame, or a message of several, has begun and not ended. */
    boolean isInsideMessage() {
        return headerLength > 0 || part == Part.MESSAGE || part == Part.FOR_TYRUS || fragments > 0;
    }

    private void readHeader(ByteBuffer in) {
        while (in.hasRemaining()) {
            header[headerLength++] = in.get();
            if (headerLength == 2) {
                checkFlags();
            }
            if (headerLength >= 2 && headerLength == headerSize()) {
                headerLength = 0;
                beginFrame();
                return;
            }
        }
    }

    private int headerSize() {
        return switch (header[1] & 0x7F) {
            case 126 -> 8;
            case 127 -> 14;
            default -> 6;
        };
    }

    /** Judges the first two bytes at once: without a mask, the header that is waited for would be too long. */
    private void checkFlags() {
        if ((header[1] & 0x80) == 0) {
            throw new ProtocolException("unmasked frame", "a client must mask its frames (RFC 6455 5.1)");
        }
        if ((header[0] & 0x70) != 0) {
            throw new ProtocolException("reserved bit", "no extension was negotiated that uses it (RFC 6455 5.2)");
        }
    }

    private void beginFrame() {
        boolean last = (header[0] & 0x80) != 0;
        int opcode = header[0] & 0x0F;
        payloadLeft = payloadLength(opcode >= OPCODE_CLOSE, last);
        ByteBuffer bytes = ByteBuffer.wrap(header);
        mask = bytes.getInt(headerSize() - 4);
        maskOffset = 0;
        chargeIfIdle(opcode, last);
        switch (opcode) {
            case OPCODE_TEXT, OPCODE_BINARY -> {
                connection.messageBegins(opcode == OPCODE_TEXT);
                if (last && fragments == 0) {
                    text = opcode == OPCODE_TEXT;
                    part = Part.MESSAGE;
                    endIfComplete();
                } else {
                    fragment(last);
                    passHeader();
                }
            }
            case OPCODE_CONTINUATION -> {
                fragment(last);
                passHeader();
            }
            case OPCODE_CLOSE -> {
                if (connection.closeBegins()) {
                    part = Part.NOTHING;
                } else {
                    passHeader();
                }
            }
            case OPCODE_CLOSE + 1, OPCODE_LAST -> passHeader();
            default ->
                throw new ProtocolException("unknown opcode", "opcode " + opcode + " is reserved (RFC 6455 5.2)");
        }
    }

    /** Counts what keeps us busy and brings nothing: empty messages, fragments of a few bytes, pings. */
    private void chargeIfIdle(int opcode, boolean last) {
        boolean isMessage = last && opcode != OPCODE_CONTINUATION && opcode < OPCODE_CLOSE;
        if (payloadLeft == 0 || (!isMessage && payloadLeft <= MAX_CONTROL_PAYLOAD)) {
            connection.idle();
        }
    }

    private long payloadLength(boolean control, boolean last) {
        ByteBuffer bytes = ByteBuffer.wrap(header);
        int marker = header[1] & 0x7F;
        long length = marker == 126 ? bytes.getShort(2) & 0xFFFF : marker == 127 ? bytes.getLong(2) : marker;
        if (control && (marker > MAX_CONTROL_PAYLOAD || !last)) {
            throw new ProtocolException(
                    "malformed control frame",
                    "a control frame has at most 125 B and is never fragmented (RFC 6455 5.5)");
        }
        if (length < 0) {
            throw new ProtocolException("malformed length", "a length has 63 bits (RFC 6455 5.2)");
        }
        checkSize(length, maxPayload);
        return length;
    }

    private static void checkSize(long length, int limit) {
        if (length > limit) {
            throw new ProtocolException(
                    "message too large",
                    String.format(
                            Locale.ROOT, "message of %,d B exceeds the limit of %,d (max_frame_bytes)", length, limit),
                    CloseCode.TOO_BIG);
        }
    }

    private void fragment(boolean last) {
        // Tyrus keeps a fragment until it is whole, which the STOMP codec's limits would not see
        checkSize(payloadLeft, connection.maxFrameBytes());
        fragments = last ? 0 : fragments + 1;
        if (fragments > MAX_FRAGMENTS) {
            throw new ProtocolException(
                    "too many fragments", "a message has at most " + MAX_FRAGMENTS + " fragments", CloseCode.POLICY);
        }
    }

    private void readMessage(ByteBuffer in) {
        int length = (int) Math.min(payloadLeft, in.remaining());
        ByteBuffer out = decoded.get();
        unmask(in, out, length);
        out.flip();
        payloadLeft -= length;
        if (text && !utf8.accept(out.array(), 0, length)) {
            throw malformedText();
        }
        connection.payload(out);
        endIfComplete();
    }

    private void endIfComplete() {
        if (payloadLeft == 0) {
            part = Part.HEADER;
            if (text && !utf8.isComplete()) {
                throw malformedText();
            }
        }
    }

    private static ProtocolException malformedText() {
        return new ProtocolException(
                "malformed UTF-8", "a text message must be UTF-8 (RFC 6455 8.1)", CloseCode.INVALID_DATA);
    }

    /** Moves bytes from one buffer to the other and takes the mask off, eight at a time (RFC 6455 5.3). */
    private void unmask(ByteBuffer in, ByteBuffer out, int length) {
        int key = Integer.rotateLeft(mask, 8 * (maskOffset & 3));
        long wide = ((long) key << 32) | (key & 0xFFFFFFFFL);
        int from = in.position();
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            out.putLong(i, in.getLong(from + i) ^ wide);
        }
        for (; i < length; i++) {
            out.put(i, (byte) (in.get(from + i) ^ (key >>> (24 - 8 * (i & 3)))));
        }
        maskOffset += length;
        in.position(from + length);
        out.position(length);
    }

    private void passHeader() {
        ByteBuffer bytes = ByteBuffer.wrap(header.clone(), 0, headerSize());
        part = payloadLeft == 0 ? Part.HEADER : Part.FOR_TYRUS;
        connection.forTyrus(bytes);
    }

    private void readForTyrus(ByteBuffer in) {
        int length = (int) Math.min(payloadLeft, in.remaining());
        byte[] bytes = new byte[length];
        in.get(bytes);
        payloadLeft -= length;
        if (payloadLeft == 0) {
            part = Part.HEADER;
        }
        connection.forTyrus(ByteBuffer.wrap(bytes));
    }
}
