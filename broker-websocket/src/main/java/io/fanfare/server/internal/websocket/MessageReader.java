package io.fanfare.server.internal.websocket;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.Utf8;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Reader of one client's WebSocket frames (RFC 6455 5.2). Unfragmented data messages, nearly all there are, are unmasked
 * straight into the loop's buffer and passed on as they come; fragments and control frames go to Tyrus. Limits are checked
 * on the frame's header, before any of it is kept. Owned by the connection's loop.
 */
final class MessageReader {

    private static final int OPCODE_CONTINUATION = 0;
    private static final int OPCODE_TEXT = 1;
    private static final int OPCODE_BINARY = 2;
    private static final int OPCODE_CLOSE = 8;
    private static final int OPCODE_LAST = 10;
    private static final int MAX_CONTROL_PAYLOAD = 125;

    /** Fragments of a message that may be of any size. */
    private static final int FREE_FRAGMENTS = 1024;

    /** Bytes that pay for a fragment: each costs Tyrus and the codec a run, whatever it carries. */
    private static final int FRAGMENT_BYTES = 64;

    private enum Part {
        HEADER,
        MESSAGE,
        FOR_TYRUS,
        /** After a violation, or a Close: all input is thrown away. The last part: nothing leads out of it. */
        DISCARDED
    }

    /** Receiver of what the reader finds: the connection. */
    interface Listener {

        /** The first frame of a data message begins. */
        void messageBegins(boolean text);

        /** Unmasked bytes of an unfragmented message. */
        void payload(ByteBuffer bytes);

        /** Bytes of a fragment or a control frame, as they came. */
        void passToTyrus(ByteBuffer bytes);

        /** A Close frame begins, the last that is read; its bytes are passed to Tyrus. */
        void closeReceived();

        /** The peer has violated the protocol, or a limit: nothing more is read. */
        void refuse(ProtocolException why);

        /**
         * A frame came that costs work and carries nothing: it is charged to a rate limit.
         *
         * @throws ProtocolException when it comes too often
         */
        void chargeUnproductive();

        /** The largest fragment allowed right now, in bytes. */
        int maxFrameBytes();
    }

    private final Listener connection;
    private final Supplier<ByteBuffer> decoded;
    private final int maxPayload;
    private final byte[] header = new byte[14];
    private int headerLength;
    private Part part = Part.HEADER;
    private boolean closeReceived;
    private long payloadLeft;
    private int mask;
    private int maskOffset;
    private boolean text;

    /** Made for the first text message that is not all in one piece or not all ASCII. */
    private Utf8 utf8 = new Utf8();

    /** Fragments so far of the message that Tyrus decodes, the last one announced included. */
    private int fragments;

    /** Their bytes. */
    private long fragmentBytes;

    /**
     * A reader of one connection.
     *
     * @param decoded supplies an empty buffer with an array, at least as large as one read
     * @param maxPayload of a frame, in bytes
     */
    MessageReader(Listener connection, Supplier<ByteBuffer> decoded, int maxPayload) {
        this.connection = connection;
        this.decoded = decoded;
        this.maxPayload = maxPayload;
    }

    /** Reads bytes that came from the socket, cut anywhere. */
    void read(ByteBuffer in) {
        try {
            while (in.hasRemaining() && part != Part.DISCARDED) {
                switch (part) {
                    case HEADER -> readHeader(in);
                    case MESSAGE -> readMessage(in);
                    case FOR_TYRUS -> readForTyrus(in);
                    case DISCARDED -> throw new IllegalStateException();
                }
            }
        } catch (ProtocolException e) {
            discardInput();
            connection.refuse(e);
        }
    }

    /** Throws away all further input; a listener may call it at any time. */
    void discardInput() {
        part = Part.DISCARDED;
    }

    private void begin(Part next) {
        // a listener that was called meanwhile may have had enough
        if (part != Part.DISCARDED) {
            part = next;
        }
    }

    /** Whether a frame, or a message of several, has begun and not ended. */
    boolean isInsideMessage() {
        return part != Part.DISCARDED && (part != Part.HEADER || headerLength > 0 || fragments > 0);
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

    /** Checks the first two bytes at once: without a mask, the header is shorter than the one that is waited for. */
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
        chargeIfUnproductive(opcode, last);
        switch (opcode) {
            case OPCODE_TEXT, OPCODE_BINARY -> {
                connection.messageBegins(opcode == OPCODE_TEXT);
                if (last && fragments == 0) {
                    text = opcode == OPCODE_TEXT;
                    begin(Part.MESSAGE);
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
                closeReceived = true;
                connection.closeReceived();
                passHeader();
            }
            case OPCODE_CLOSE + 1, OPCODE_LAST -> passHeader();
            default ->
                throw new ProtocolException("unknown opcode", "opcode " + opcode + " is reserved (RFC 6455 5.2)");
        }
    }

    /** Charges frames that cost work and carry nothing: empty messages, tiny fragments, pings. */
    private void chargeIfUnproductive(int opcode, boolean last) {
        boolean isMessage = last && fragments == 0 && opcode < OPCODE_CLOSE;
        if (opcode >= OPCODE_CLOSE || payloadLeft == 0 || (!isMessage && payloadLeft < FRAGMENT_BYTES)) {
            connection.chargeUnproductive();
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
                    Limits.exceeded("the message has %,d B", length, limit, "max_frame_bytes"),
                    CloseCode.TOO_BIG);
        }
    }

    private void fragment(boolean last) {
        // Tyrus keeps a fragment until it is whole, which the STOMP codec's limits would not see
        checkSize(payloadLeft, connection.maxFrameBytes());
        fragments++;
        fragmentBytes += payloadLeft;
        if (fragments > FREE_FRAGMENTS + fragmentBytes / FRAGMENT_BYTES) {
            throw new ProtocolException(
                    "too many fragments",
                    String.format(
                            Locale.ROOT,
                            "a message of %,d B came in %,d fragments; those after the first %,d have %d B or more on"
                                    + " average",
                            fragmentBytes,
                            fragments,
                            FREE_FRAGMENTS,
                            FRAGMENT_BYTES),
                    CloseCode.POLICY);
        }
        if (last) {
            fragments = 0;
            fragmentBytes = 0;
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
            begin(Part.HEADER);
            if (text && !utf8.isComplete()) {
                throw malformedText();
            }
        }
    }

    private static ProtocolException malformedText() {
        return new ProtocolException(
                "malformed UTF-8", "a text message must be UTF-8 (RFC 6455 8.1)", CloseCode.INVALID_DATA);
    }

    /** Copies bytes from one buffer to the other without their mask, eight at a time (RFC 6455 5.3). */
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
        begin(payloadLeft == 0 ? behindForTyrus() : Part.FOR_TYRUS);
        connection.passToTyrus(bytes);
    }

    private Part behindForTyrus() {
        // RFC 6455 5.5.1: no frame follows a Close
        return closeReceived ? Part.DISCARDED : Part.HEADER;
    }

    private void readForTyrus(ByteBuffer in) {
        int length = (int) Math.min(payloadLeft, in.remaining());
        byte[] bytes = new byte[length];
        in.get(bytes);
        payloadLeft -= length;
        if (payloadLeft == 0) {
            begin(behindForTyrus());
        }
        connection.passToTyrus(ByteBuffer.wrap(bytes));
    }
}
