package io.fanfare.server.internal.websocket;

import io.fanfare.frame.ProtocolException;
import io.fanfare.server.internal.net.Inflaters;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reader of one client's WebSocket frames (RFC 6455 5.2). Unfragmented data messages, nearly all there are, are unmasked
 * straight into the loop's buffer and passed on as they come; compressed ones are inflated when they are whole; other
 * fragments go to Tyrus. Limits are checked on the frame's header, before any of it is kept, and on what
 * a message inflates to while it is inflated. Owned by the connection's loop.
 */
final class MessageReader {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private enum Part {
        HEADER,
        MESSAGE,
        COMPRESSED,
        /** A compressed message is whole, and not all of it has been handed out. */
        INFLATING,
        PING,
        PONG,
        CLOSE,
        FOR_TYRUS,
        /** After a violation, or a Close: all input is thrown away. The last part: nothing leads out of it. */
        DISCARDED
    }

    private final FrameListener connection;
    private final Supplier<ByteBuffer> decoded;
    private final int maxPayload;
    private final FrameHeader header;
    private final Mask mask = new Mask();
    private final PayloadCheck payloads;

    /** Null where compression was not agreed on. */
    private final @Nullable Inflation inflation;

    /** Of the message that Tyrus decodes, or the compressed one. */
    private final FragmentBudget fragments = new FragmentBudget();

    private Part part = Part.HEADER;
    private long payloadLeft;

    /** Whether a compressed message has begun and its last frame has not. */
    private boolean inCompressed;

    /** The payload of a Ping or a Close, as far as it has come; null: there is none. */
    private @Nullable ByteBuffer control;

    /** What has been read behind a message that is still being handed out, maybe nothing; null: none is. */
    private @Nullable ByteBuffer held;

    /**
     * A reader of one connection.
     *
     * @param decoded supplies an empty buffer with an array, at least as large as one read
     * @param maxPayload of a frame, in bytes
     * @param inflaters null: compression was not agreed on
     */
    MessageReader(
            FrameListener connection, Supplier<ByteBuffer> decoded, int maxPayload, @Nullable Inflaters inflaters) {
        this.connection = connection;
        this.decoded = decoded;
        this.maxPayload = maxPayload;
        this.header = new FrameHeader(inflaters != null);
        this.payloads = new PayloadCheck();
        this.inflation = inflaters == null ? null : new Inflation(connection, payloads, inflaters);
    }

    /** Reads bytes that came from the socket, cut anywhere. */
    void read(ByteBuffer in) {
        if (held != null) {
            hold(in);
            return;
        }
        try {
            if (inflation != null) {
                inflation.turnBegins();
            }
            while ((in.hasRemaining() || part == Part.INFLATING) && part != Part.DISCARDED) {
                if (inflation != null && inflation.isPaused()) {
                    hold(in);
                    return;
                }
                switch (part) {
                    case HEADER -> readHeader(in);
                    case MESSAGE -> {
                        connection.payload(payloads.checked(unmasked(in)));
                        endIfComplete();
                    }
                    case COMPRESSED -> readCompressed(in);
                    case INFLATING -> inflate();
                    case PING, CLOSE -> readControl(in);
                    case PONG -> skipPong(in);
                    case FOR_TYRUS -> readForTyrus(in);
                    case DISCARDED -> throw new IllegalStateException();
                }
            }
        } catch (ProtocolException e) {
            discardInput();
            connection.refuse(e);
        }
    }

    /** Goes on with what is held back, in a turn of its own. */
    void goOn() {
        ByteBuffer rest = held;
        held = null;
        if (rest != null) {
            read(rest);
        }
    }

    private void hold(ByteBuffer in) {
        ByteBuffer before = held == null ? NOTHING : held;
        held = ByteBuffer.allocate(before.remaining() + in.remaining())
                .put(before)
                .put(in)
                .flip();
    }

    /** Whether something that has been read waits for {@link #goOn}: before that, nothing more may be read. */
    boolean holdsBack() {
        return held != null;
    }

    /** Throws away all further input; a listener may call it at any time. */
    void discardInput() {
        part = Part.DISCARDED;
        held = null;
        if (inflation != null) {
            inflation.stop();
        }
    }

    /** The connection is gone. */
    void end() {
        discardInput();
        if (inflation != null) {
            inflation.end();
        }
    }

    private void begin(Part next) {
        // a listener that was called meanwhile may have had enough
        if (part != Part.DISCARDED) {
            part = next;
        }
    }

    /** Whether a frame, or a message of several, has begun and not ended. */
    boolean isInsideMessage() {
        return part != Part.DISCARDED && (part != Part.HEADER || header.hasBegun() || fragments.isOpen());
    }

    // ---- headers --------------------------------------------------------------------------------------------------

    private void readHeader(ByteBuffer in) {
        if (header.read(in)) {
            payloadLeft = header.payloadLength();
            mask.begin(header.maskKey());
            beginFrame(header.opcode(), header.isLast());
        }
    }

    private void beginFrame(int opcode, boolean last) {
        boolean isCompressed = header.isCompressed() || (opcode == FrameHeader.CONTINUATION && inCompressed);
        if (!isCompressed) {
            checkSize(maxPayload);
        }
        chargeIfUnproductive(last);
        switch (opcode) {
            case FrameHeader.TEXT, FrameHeader.BINARY -> {
                connection.messageBegins(opcode == FrameHeader.TEXT);
                beginMessage(opcode == FrameHeader.TEXT, last, isCompressed);
            }
            case FrameHeader.CONTINUATION -> {
                if (isCompressed) {
                    compressedFrame(last);
                } else {
                    fragment(last);
                }
            }
            case FrameHeader.CLOSE -> {
                connection.closeReceived();
                beginControl(Part.CLOSE);
            }
            case FrameHeader.PING -> beginControl(Part.PING);
            case FrameHeader.PONG -> begin(payloadLeft == 0 ? Part.HEADER : Part.PONG);
            default ->
                throw new ProtocolException("unknown opcode", "opcode " + opcode + " is reserved (RFC 6455 5.2)");
        }
    }

    private void beginMessage(boolean text, boolean last, boolean isCompressed) {
        if (inCompressed || (isCompressed && fragments.isOpen())) {
            // of two messages that are not compressed Tyrus finds it
            throw new ProtocolException("unfinished message", "a message began inside another (RFC 6455 5.4)");
        }
        if (isCompressed) {
            payloads.begin(text);
            compressedFrame(last);
        } else if (last && !fragments.isOpen()) {
            payloads.begin(text);
            begin(Part.MESSAGE);
            endIfComplete();
        } else {
            fragment(last);
        }
    }

    /** Charges frames that cost work and carry nothing: empty messages, tiny fragments, pings. */
    private void chargeIfUnproductive(boolean last) {
        boolean isMessage = last && !fragments.isOpen() && !header.isControl();
        if (header.isControl() || payloadLeft == 0 || (!isMessage && !FragmentBudget.isPaid(payloadLeft))) {
            connection.chargeUnproductive();
        }
    }

    private void checkSize(int limit) {
        if (payloadLeft > limit) {
            throw PayloadCheck.tooLarge(payloadLeft, limit);
        }
    }

    private void fragment(boolean last) {
        // Tyrus keeps a fragment until it is whole, which the STOMP codec's limits would not see
        checkSize(connection.maxFrameBytes());
        fragments.add(payloadLeft, last);
        passHeader();
    }

    // ---- messages -------------------------------------------------------------------------------------------------

    private ByteBuffer unmasked(ByteBuffer in) {
        int length = (int) Math.min(payloadLeft, in.remaining());
        ByteBuffer out = decoded.get();
        mask.remove(in, out, length);
        payloadLeft -= length;
        return out.flip();
    }

    private void endIfComplete() {
        if (payloadLeft == 0) {
            begin(Part.HEADER);
            payloads.end();
        }
    }

    // ---- compressed messages --------------------------------------------------------------------------------------

    private Inflation inflation() {
        return Objects.requireNonNull(inflation);
    }

    private void compressedFrame(boolean last) {
        inflation().expect(payloadLeft);
        if (inCompressed || !last) {
            fragments.add(payloadLeft, last);
        }
        inCompressed = !last;
        begin(Part.COMPRESSED);
        endCompressedFrame();
    }

    private void readCompressed(ByteBuffer in) {
        ByteBuffer octets = unmasked(in);
        inflation().add(octets, payloadLeft == 0 && !inCompressed);
        endCompressedFrame();
    }

    private void endCompressedFrame() {
        if (payloadLeft > 0) {
            return;
        }
        begin(inCompressed ? Part.HEADER : Part.INFLATING);
    }

    private void inflate() {
        if (inflation().run() && part == Part.INFLATING) {
            begin(Part.HEADER);
            payloads.end();
        }
    }

    // ---- Ping, Pong and Close -------------------------------------------------------------------------------------

    // not Tyrus's: nearly all connections have them and no fragment, and each would have a half in Tyrus for that

    private void beginControl(Part which) {
        control = ByteBuffer.allocate((int) payloadLeft);
        begin(which);
        endControlIfComplete();
    }

    private void readControl(ByteBuffer in) {
        Objects.requireNonNull(control).put(unmasked(in));
        endControlIfComplete();
    }

    private void endControlIfComplete() {
        if (payloadLeft > 0) {
            return;
        }
        ByteBuffer payload = Objects.requireNonNull(control).flip();
        control = null;
        if (part == Part.PING) {
            begin(Part.HEADER);
            connection.pinged(payload);
        } else if (part == Part.CLOSE) {
            // RFC 6455 5.5.1: no frame follows a Close
            begin(Part.DISCARDED);
            connection.closeRead(payload);
        }
    }

    /** RFC 6455 5.5.3: it is not answered. */
    private void skipPong(ByteBuffer in) {
        int length = (int) Math.min(payloadLeft, in.remaining());
        in.position(in.position() + length);
        payloadLeft -= length;
        begin(payloadLeft == 0 ? Part.HEADER : Part.PONG);
    }

    // ---- what Tyrus reads -----------------------------------------------------------------------------------------

    private void passHeader() {
        ByteBuffer bytes = header.copy();
        begin(payloadLeft == 0 ? Part.HEADER : Part.FOR_TYRUS);
        connection.passToTyrus(bytes);
    }

    private void readForTyrus(ByteBuffer in) {
        int length = (int) Math.min(payloadLeft, in.remaining());
        byte[] bytes = new byte[length];
        in.get(bytes);
        payloadLeft -= length;
        if (payloadLeft == 0) {
            begin(Part.HEADER);
        }
        connection.passToTyrus(ByteBuffer.wrap(bytes));
    }
}
