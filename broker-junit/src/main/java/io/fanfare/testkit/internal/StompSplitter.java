package io.fanfare.testkit.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/**
 * Cuts a stream of STOMP into frames, without a look at what they mean, so that wrong ones pass too. Not thread-safe.
 */
public final class StompSplitter {

    private static final String LENGTH = "\ncontent-length:";

    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();

    /** Whether the head of the frame has ended. */
    private boolean inBody;

    /** Octets of the body that are left; -1: it ends with NUL. */
    private long left;

    /** Whether the last octet, or the one before a CR, was a line feed. */
    private boolean atLineStart;

    /** Takes octets; gives each frame that is whole now, with its NUL, and each line feed between frames. */
    public void feed(byte[] octets, int offset, int length, Consumer<byte[]> whole) {
        for (int i = offset; i < offset + length; i++) {
            if (frame.size() == 0 && (octets[i] == '\n' || octets[i] == '\r')) {
                whole.accept(new byte[] {octets[i]});
            } else if (add(octets[i])) {
                whole.accept(frame.toByteArray());
                frame.reset();
                inBody = false;
                atLineStart = false;
            }
        }
    }

    /** Octets of the frame that has begun. */
    public int pending() {
        return frame.size();
    }

    private boolean add(byte octet) {
        frame.write(octet);
        if (inBody) {
            if (left > 0) {
                left--;
                return false;
            }
            return octet == 0;
        }
        if (octet == '\n') {
            if (atLineStart) {
                inBody = true;
                left = contentLength(frame.toString(ISO_8859_1));
            }
            atLineStart = true;
        } else if (octet != '\r') {
            atLineStart = false;
        }
        // a NUL in the head: the frame is wrong, and ends here
        return octet == 0 && !inBody;
    }

    private static long contentLength(String head) {
        int at = head.indexOf(LENGTH);
        if (at < 0) {
            return -1;
        }
        int end = head.indexOf('\n', at + 1);
        try {
            return Long.parseLong(head.substring(at + LENGTH.length(), end).strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
