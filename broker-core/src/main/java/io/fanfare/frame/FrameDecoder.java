package io.fanfare.frame;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of one connection into frames. Bytes may be cut anywhere; a frame that is not complete yet is kept,
 * within the limits, until its rest comes. Not thread-safe.
 *
 * <p>End-of-line bytes between frames are heart-beats and are skipped, and so are stray NULs, which some clients send.
 * Lines may end with LF or CR LF in every version: 1.0 and 1.1 know LF alone, but clients in the field send both.
 */
public final class FrameDecoder {

    private enum Part {
        BETWEEN,
        HEAD,
        BODY
    }

    /**
     * End-of-line bytes behind a frame that belong to it: clients write one, several, or CR LF. So few cost less than
     * their frame did.
     */
    private static final int LINE_ENDS = 16;

    /** More than any limit, and small enough to be added to. */
    private static final long MAX_CONTENT_LENGTH = 100_000_000_000_000_000L;

    private final FrameParts.Spare spare;

    /** What the frame is read with that has begun; null between frames. */
    private @Nullable FrameParts parts;

    private FrameLimits limits;
    private @Nullable StompVersion version;
    private Part part = Part.BETWEEN;
    private @Nullable Command command;
    private Headers headers = Headers.EMPTY;

    /** How much of the frame's head has come. */
    private int headBytes;

    /** Bytes since the last frame. */
    private int between;

    private int idleBytes;

    public FrameDecoder(FrameLimits limits) {
        this(limits, new FrameParts.Spare());
    }

    /**
     * A decoder of one connection of many.
     *
     * @param spare shared by all of those that one thread decodes
     */
    public FrameDecoder(FrameLimits limits, FrameParts.Spare spare) {
        this.limits = limits;
        this.spare = spare;
    }

    /** From now on, these limits hold, for a frame that has begun too; a content-length that was accepted stays so. */
    public void limits(FrameLimits newLimits) {
        this.limits = newLimits;
    }

    /**
     * From now on, headers are unescaped as this version says, those of a frame whose head has not ended too; before
     * the first call they are not.
     */
    public void version(StompVersion negotiated) {
        this.version = negotiated;
    }

    /** How many bytes have come between frames since the last call, beyond the line ends behind each frame. */
    public int takeIdleBytes() {
        int taken = idleBytes;
        idleBytes = 0;
        return taken;
    }

    /** Whether a frame has begun whose end has not come. */
    public boolean isInsideFrame() {
        return part != Part.BETWEEN;
    }

    /**
     * The next whole frame, or null when all bytes are used up.
     *
     * @param in bytes in an accessible array; its position moves behind what was used
     * @throws ProtocolException when the bytes break the grammar or a limit; the decoder is of no use afterwards
     */
    public @Nullable Frame decode(ByteBuffer in) {
        byte[] bytes = in.array();
        int offset = in.arrayOffset();
        int at = offset + in.position();
        int end = offset + in.limit();
        try {
            while (at < end) {
                switch (part) {
                    case BETWEEN -> at += skipBetweenFrames(bytes[at]);
                    case HEAD -> {
                        int next = parts().head.scan(bytes, at, end, limits);
                        int stop = next < 0 ? end : next;
                        headBytes += stop - at;
                        at = stop;
                        if (next >= 0) {
                            readHead();
                        }
                    }
                    case BODY -> {
                        int next = parts().body.read(bytes, at, end, limits);
                        at = Math.abs(next);
                        if (next > 0) {
                            return endFrame();
                        }
                    }
                }
            }
            return null;
        } catch (ProtocolException e) {
            throw e.withReceipt(
                    part == Part.BODY ? headers.get("receipt") : parts().head.receipt(version));
        } finally {
            in.position(at - offset);
        }
    }

    /** Counts a byte between frames; with any other byte a frame begins. */
    private int skipBetweenFrames(byte b) {
        if (!isBetweenFrames(b)) {
            beginFrame();
            return 0;
        }
        idleBytes += ++between > LINE_ENDS ? 1 : 0;
        return 1;
    }

    private static boolean isBetweenFrames(byte b) {
        return b == '\n' || b == '\r' || b == 0;
    }

    private void beginFrame() {
        part = Part.HEAD;
        command = null;
        headBytes = 0;
        parts = spare.take();
        parts.head.begin();
    }

    private FrameParts parts() {
        return Objects.requireNonNull(parts);
    }

    private void readHead() {
        HeadScanner head = parts().head;
        FrameParts.BodyReader body = parts().body;
        command = head.command();
        headers = readHeaders(head, command);
        // the bytes at hand are the caller's and will be others when the body goes on
        head.end();
        part = Part.BODY;
        int length = headers.indexOf("content-length");
        if (length < 0) {
            body.beginUntilNul(headBytes);
        } else {
            body.begin(contentLength(length), headBytes, limits);
        }
    }

    private Headers readHeaders(HeadScanner head, Command ofFrame) {
        if (ofFrame.isEscaped()) {
            return head.headers(version);
        }
        Headers asSent = head.headers(null);
        return isConnectOf10(ofFrame, asSent) ? head.headers(StompVersion.V1_0) : asSent;
    }

    /** STOMP 1.0's own CONNECT is written {@code login: <username>}, with a blank that is not part of the name. */
    private static boolean isConnectOf10(Command command, Headers headers) {
        return command != Command.CONNECTED
                && StompVersion.highestOf(headers.find("accept-version").orElse("1.0"))
                        .filter(StompVersion::trims)
                        .isPresent();
    }

    private Frame endFrame() {
        Command ended = Objects.requireNonNull(command);
        byte[] octets = parts().body.take();
        // STOMP 1.1 and 1.2, Body; 1.0 let every frame have one, and none is read
        if (octets.length > 0 && !ended.mayHaveBody() && version != StompVersion.V1_0) {
            if (!isLineEnds(octets)) {
                throw new ProtocolException(
                        "unexpected body",
                        ended.withArticle() + " frame has no body, but this one came with " + octets.length + " B");
            }
            octets = FrameParts.BodyReader.EMPTY;
        }
        Frame frame = new Frame(ended, headers, octets);
        spare.giveBack(parts());
        parts = null;
        part = Part.BETWEEN;
        between = 0;
        headers = Headers.EMPTY;
        return frame;
    }

    /** A second empty line, as people type and some clients write, is no body. */
    private static boolean isLineEnds(byte[] octets) {
        for (byte octet : octets) {
            if (octet != '\n' && octet != '\r') {
                return false;
            }
        }
        return true;
    }

    /** STOMP 1.2, Header content-length: a count of octets; anything but decimal digits is refused. */
    private long contentLength(int index) {
        byte[] lines = headers.lines();
        int start = headers.nameEnd(index) + 1;
        int end = headers.valueEnd(index);
        long length = 0;
        for (int i = start; i < end; i++) {
            int digit = lines[i] - '0';
            if (digit < 0 || digit > 9) {
                throw invalidLength(headers.value(index));
            }
            length = Math.min(MAX_CONTENT_LENGTH, length * 10 + digit);
        }
        if (start == end) {
            throw invalidLength("");
        }
        return length;
    }

    private static ProtocolException invalidLength(String value) {
        return new ProtocolException(
                "invalid content-length", "content-length must be a number of octets, not " + Printable.of(value));
    }
}
