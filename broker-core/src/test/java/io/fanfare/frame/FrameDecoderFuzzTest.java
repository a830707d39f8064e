package io.fanfare.frame;

import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.feed;
import static io.fanfare.frame.Decoding.singly;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any bytes at all: frames within the limits or a fault, the same however they are cut. The first byte chooses the
 * version and the limits, the second how long the pieces are; the rest is what comes.
 */
class FrameDecoderFuzzTest {

    private static final FrameLimits SMALL = new FrameLimits(120, 12, 40, 4);

    @FuzzTest(maxDuration = "10m")
    void framesAreTheSameHoweverTheyAreCut(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] bytes = Arrays.copyOfRange(input, 2, input.length);
        FrameLimits limits = (input[0] & 4) == 0 ? FrameLimits.DEFAULT : SMALL;
        int choice = input[0] & 3;
        StompVersion version = choice == 3 ? null : StompVersion.values()[choice];
        Run whole = new Run(version, limits).read(bytes);

        assertThat(new Run(version, limits).read(singly(bytes))).isEqualTo(whole);
        assertThat(new Run(version, limits).read(pieces(bytes, 1 + (input[1] & 0x3F))))
                .isEqualTo(whole);
        whole.frames.forEach(FrameDecoderFuzzTest::saysTheSameWhenItIsSaidAgain);
        if (whole.fault != null) {
            assertThat(whole.fault.detail()).hasSizeLessThan(500);
            assertThat(whole.fault.detail().chars()).noneMatch(Character::isISOControl);
        }
    }

    private static byte[][] pieces(byte[] bytes, int length) {
        byte[][] pieces = new byte[(bytes.length + length - 1) / length][];
        for (int i = 0; i < pieces.length; i++) {
            pieces[i] = Arrays.copyOfRange(bytes, i * length, Math.min(bytes.length, (i + 1) * length));
        }
        return pieces;
    }

    private static void saysTheSameWhenItIsSaidAgain(Frame frame) {
        boolean isOf10 = frame.body().length > 0 && !frame.command().mayHaveBody();
        boolean canNotBeSaid =
                !frame.command().isEscaped() && new String(frame.headers().lines(), UTF_8).indexOf('\r') >= 0;
        if (!isOf10 && !canNotBeSaid) {
            byte[] again = FrameEncoder.encode(frame, StompVersion.V1_2);
            boolean isCounted = frame.body().length == 0 || frame.headers().has("content-length");
            Headers headers = isCounted
                    ? frame.headers()
                    : frame.headers().with(Headers.of("content-length", Integer.toString(frame.body().length)));
            assertThat(feed(decoder(StompVersion.V1_2), again))
                    .containsExactly(new Frame(frame.command(), headers, frame.body()));
        }
    }

    /** What a decoder makes of some reads. */
    private static final class Run {

        private final FrameDecoder decoder;
        private final FrameLimits limits;
        private final List<Frame> frames = new ArrayList<>();
        private @Nullable ProtocolException fault;

        Run(@Nullable StompVersion version, FrameLimits limits) {
            this.limits = limits;
            decoder = new FrameDecoder(limits);
            if (version != null) {
                decoder.version(version);
            }
        }

        Run read(byte[]... reads) {
            int begin = 0;
            int end = 0;
            for (byte[] read : reads) {
                byte[] buffer = read.clone();
                ByteBuffer in = ByteBuffer.wrap(buffer);
                int before = end;
                end += read.length;
                try {
                    for (Frame frame = decoder.decode(in); frame != null; frame = decoder.decode(in)) {
                        frames.add(frame);
                        isWithinLimits(frame);
                        int behind = before + in.position();
                        // line ends between frames are no part of them
                        assertThat(behind - begin - eols(reads, begin, behind))
                                .isLessThanOrEqualTo(limits.maxFrameBytes());
                        begin = behind;
                    }
                } catch (ProtocolException e) {
                    fault = e;
                    return this;
                }
                assertThat(in.hasRemaining()).isFalse();
                // a connection's buffer is used again
                Arrays.fill(buffer, (byte) '!');
            }
            int held = end - begin - eols(reads, begin, end);
            assertThat(decoder.isInsideFrame()).isEqualTo(held > 0);
            // and a CR that may turn out to end its line
            assertThat(held).isLessThanOrEqualTo(limits.maxFrameBytes() + 1);
            return this;
        }

        private static int eols(byte[][] reads, int from, int to) {
            int at = 0;
            int count = 0;
            for (byte[] read : reads) {
                for (int i = Math.max(0, from - at); i < read.length && at + i < to; i++) {
                    if (read[i] != '\n' && read[i] != '\r' && read[i] != 0) {
                        return count;
                    }
                    count++;
                }
                at += read.length;
            }
            return count;
        }

        private void isWithinLimits(Frame frame) {
            Headers headers = frame.headers();
            assertThat(headers.size()).isLessThanOrEqualTo(limits.maxHeaders());
            for (int i = 0; i < headers.size(); i++) {
                assertThat(headers.name(i)).isNotEmpty();
                assertThat(headers.valueEnd(i) - headers.nameStart(i)).isLessThanOrEqualTo(limits.maxHeaderLineBytes());
            }
        }

        /** Sizes in a fault's detail may differ: a limit is noticed as soon as it is passed. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Run that
                    && frames.equals(that.frames)
                    && told(fault).equals(told(that.fault));
        }

        @Override
        public int hashCode() {
            return frames.hashCode();
        }

        private static String told(@Nullable ProtocolException fault) {
            if (fault == null) {
                return "none";
            }
            // of several limits that are passed, one read may meet another first
            boolean tooBig = fault.closeCode() == CloseCode.TOO_BIG;
            return (tooBig ? "limit" : fault.summary()) + " " + fault.closeCode() + " " + fault.receipt();
        }

        @Override
        public String toString() {
            return frames + " fault " + told(fault);
        }
    }
}
