package io.fanfare.frame;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Buffers in which a {@link FrameDecoder} collects the parts of one frame. An idle connection has none: all connections of a thread use the same one
 * after the other, and only a frame that comes in several reads keeps one to itself.
 */
public final class FrameParts {

    /** The one that is used next, by decoders of one thread. Owned by that thread. */
    public static final class Spare {

        private @Nullable FrameParts parts;

        /** One for a frame that begins. */
        FrameParts take() {
            FrameParts taken = parts == null ? new FrameParts() : parts;
            parts = null;
            return taken;
        }

        /** The frame has ended. */
        void giveBack(FrameParts used) {
            parts = used;
        }
    }

    final HeadScanner head = new HeadScanner();
    final BodyReader body = new BodyReader();

    private FrameParts() {}

    /** Reads the octets between the empty line and the NUL. */
    static final class BodyReader {

        private static final int UNKNOWN = -1;
        static final byte[] EMPTY = new byte[0];

        private byte[] octets = EMPTY;
        private int filled;
        private int expected;
        private int headBytes;

        void begin(long length, int behind, FrameLimits limits) {
            limits.checkFrame(behind + length + 1);
            expected = (int) length;
            filled = 0;
        }

        void beginUntilNul(int behind) {
            headBytes = behind;
            expected = UNKNOWN;
            filled = 0;
        }

        /** Where reading went on to: positive behind the frame's NUL, negative when more bytes are needed. */
        int read(byte[] bytes, int from, int end, FrameLimits limits) {
            return expected == UNKNOWN ? readUntilNul(bytes, from, end, limits) : readExpected(bytes, from, end);
        }

        private int readExpected(byte[] bytes, int from, int end) {
            int part = Math.min(expected - filled, end - from);
            append(bytes, from, part, expected);
            int at = from + part;
            if (at == end) {
                return -at;
            }
            if (bytes[at] != 0) {
                throw new ProtocolException(
                        "missing NUL",
                        "content-length is " + expected
                                + ", but the octet behind so many is not the NUL that ends a frame");
            }
            return at + 1;
        }

        private int readUntilNul(byte[] bytes, int from, int end, FrameLimits limits) {
            int at = from;
            while (at < end && bytes[at] != 0) {
                at++;
            }
            // and one for the NUL, which has come or must come
            limits.checkFrame((long) headBytes + filled + (at - from) + 1);
            append(bytes, from, at - from, at < end ? filled + at - from : Integer.MAX_VALUE);
            return at < end ? at + 1 : -at;
        }

        /** Grows with what has come, never to what was announced. */
        private void append(byte[] bytes, int from, int length, int most) {
            if (length == 0) {
                return;
            }
            if (filled + length > octets.length) {
                int size = Math.max(filled + length, (int) Math.min(most, 2L * octets.length));
                octets = Arrays.copyOf(octets, size);
            }
            System.arraycopy(bytes, from, octets, filled, length);
            filled += length;
        }

        byte[] take() {
            byte[] taken = octets.length == filled ? octets : Arrays.copyOf(octets, filled);
            octets = EMPTY;
            filled = 0;
            return taken;
        }
    }
}
