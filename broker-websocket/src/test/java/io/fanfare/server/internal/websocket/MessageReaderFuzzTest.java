package io.fanfare.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fanfare.frame.Utf8;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Any bytes at all: what the reader makes of them is what a plain reading of RFC 6455 makes of them, however they are
 * cut, and it never hands out more than came. The first byte is how long the pieces are; the rest is what comes.
 */
class MessageReaderFuzzTest {

    private static final int MAX_PAYLOAD = 300;
    private static final int MAX_FRAGMENT = 200;

    @FuzzTest(maxDuration = "10m")
    void readsWhatThePlainReadingReads(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        Heard expected = PlainReading.of(bytes);
        for (int length : new int[] {Math.max(1, bytes.length), 1, 1 + (input[0] & 0x1F)}) {
            Heard heard = read(bytes, length);
            assertThat(heard.forTyrus.toByteArray()).isEqualTo(expected.forTyrus.toByteArray());
            assertThat(heard.pings.toByteArray()).isEqualTo(expected.pings.toByteArray());
            assertThat(heard.close).isEqualTo(expected.close);
            assertThat(heard.fault).isEqualTo(expected.fault);
            assertThat(heard.messages).hasToString(expected.messages.toString());
            assertThat(heard.given()).isLessThanOrEqualTo(bytes.length);
            byte[] payload = heard.payload.toByteArray();
            byte[] all = expected.payload.toByteArray();
            // of text that is none, less or more may have been handed on before it turned out
            assertThat(payload.length == all.length || "malformed UTF-8".equals(expected.fault))
                    .isTrue();
            assertThat(payload).isEqualTo(Arrays.copyOf(all, payload.length));
        }
    }

    private static Heard read(byte[] bytes, int pieceLength) {
        Heard heard = new Heard(MAX_FRAGMENT);
        ByteBuffer decoded = ByteBuffer.allocate(bytes.length);
        MessageReader reader = new MessageReader(heard, decoded::clear, MAX_PAYLOAD, null);
        for (int from = 0; from < bytes.length; from += pieceLength) {
            int length = Math.min(pieceLength, bytes.length - from);
            // as from a socket: direct, and used again
            ByteBuffer piece =
                    ByteBuffer.allocateDirect(length).put(bytes, from, length).flip();
            reader.read(piece);
            assertThat(piece.hasRemaining() && heard.fault == null && !heard.closed)
                    .isFalse();
        }
        return heard;
    }

    /** Reads a frame at a time from all the bytes there will ever be (RFC 6455 5.2). */
    private static final class PlainReading extends Heard {

        private final ByteBuffer in;
        private int fragments;
        private long fragmentBytes;

        private PlainReading(byte[] bytes) {
            super(MAX_FRAGMENT);
            in = ByteBuffer.wrap(bytes);
        }

        static Heard of(byte[] bytes) {
            PlainReading reading = new PlainReading(bytes);
            while (reading.fault == null && !reading.closed && reading.in.remaining() >= 2 && reading.frame()) {
                // the next one
            }
            return reading;
        }

        /** False when the header ends behind the bytes. */
        private boolean frame() {
            int start = in.position();
            int first = in.get();
            int second = in.get();
            if (second >= 0 || (first & 0x70) != 0) {
                fault = second >= 0 ? "unmasked frame" : "reserved bit";
                return true;
            }
            int marker = second & 0x7F;
            int more = (marker == 126 ? 2 : marker == 127 ? 8 : 0) + 4;
            if (in.remaining() < more) {
                return false;
            }
            long length = marker == 126 ? Short.toUnsignedInt(in.getShort()) : marker == 127 ? in.getLong() : marker;
            byte[] mask = new byte[4];
            in.get(mask);
            fault = faultOf(first & 15, first < 0, marker, length);
            if (fault == null) {
                frame(first & 15, first < 0, mask, length, start);
            }
            return true;
        }

        private static String faultOf(int opcode, boolean last, int marker, long length) {
            if (opcode >= 8 && (marker > 125 || !last)) {
                return "malformed control frame";
            }
            if (length < 0) {
                return "malformed length";
            }
            if (length > MAX_PAYLOAD) {
                return "message too large";
            }
            return opcode <= 2 || (opcode >= 8 && opcode <= 10) ? null : "unknown opcode";
        }

        private void frame(int opcode, boolean last, byte[] mask, long length, int start) {
            if (opcode == 1 || opcode == 2) {
                messageBegins(opcode == 1);
            }
            boolean whole = (opcode == 1 || opcode == 2) && last && fragments == 0;
            if (opcode <= 2 && !whole) {
                fragments++;
                fragmentBytes += length;
                boolean tooMany = fragments > 1024 + fragmentBytes / 64;
                fault = length > MAX_FRAGMENT ? "message too large" : tooMany ? "too many fragments" : null;
                fragments = last ? 0 : fragments;
                fragmentBytes = last ? 0 : fragmentBytes;
            }
            if (fault != null) {
                return;
            }
            if (opcode == 8) {
                closeReceived();
            }
            byte[] there = new byte[(int) Math.min(length, in.remaining())];
            in.get(there);
            if (!whole && opcode < 8) {
                forTyrus.write(in.array(), start, in.position() - start);
                return;
            }
            for (int i = 0; i < there.length; i++) {
                there[i] ^= mask[i & 3];
            }
            if (opcode >= 8) {
                if (there.length == length) {
                    control(opcode, ByteBuffer.wrap(there));
                }
                return;
            }
            payload.writeBytes(there);
            if (opcode == 1 && !isText(there, there.length == length)) {
                fault = "malformed UTF-8";
            }
        }

        private void control(int opcode, ByteBuffer whole) {
            switch (opcode) {
                case 8 -> closeRead(whole);
                case 9 -> pinged(whole);
                default -> {}
            }
        }

        private static boolean isText(byte[] bytes, boolean isWhole) {
            Utf8 text = new Utf8();
            return text.accept(bytes, 0, bytes.length) && (!isWhole || text.isComplete());
        }
    }
}
