package io.fanfare.frame;

import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.fault;
import static io.fanfare.testing.Transcript.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.AllocationMeter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer gets memory for what it has sent, not for what it announces. Asks the JVM what this thread has allocated. */
@Tag("item-24")
@Tag("item-40")
class FrameMemoryTest {

    private static final FrameLimits HUGE = FrameLimits.DEFAULT.withMaxFrameBytes(Integer.MAX_VALUE);
    private static final int NEXT_TO_NOTHING = 64 << 10;

    private final AllocationMeter meter = new AllocationMeter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2147483648",
                "4294967296",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551616",
                "1000000000000000000000000000000"
            })
    @Tag("advisory-56")
    void aContentLengthBeyondAllBoundsIsRefusedWithoutMemory(String length) {
        for (FrameLimits limits : new FrameLimits[] {FrameLimits.DEFAULT, HUGE}) {
            FrameDecoder decoder = decoder(StompVersion.V1_2, limits);
            byte[] text = bytes("SEND\nreceipt:r\ncontent-length:" + length + "\n\nabc");

            long before = meter.bytes();
            ProtocolException fault = fault(decoder, text);
            long allocated = meter.bytes() - before;

            assertThat(fault.closeCode()).isEqualTo(CloseCode.TOO_BIG);
            assertThat(fault.receipt()).isEqualTo("r");
            assertThat(allocated).isLessThan(16 * NEXT_TO_NOTHING);
        }
    }

    @Test
    void theRefusalNamesTheSizeThatWasAnnounced() {
        String head = "SEND\ncontent-length:2147483648\n\n";

        assertThat(fault(decoder(StompVersion.V1_2), head).detail())
                .isEqualTo(String.format(
                        java.util.Locale.ROOT,
                        "the frame has %,d B, its limit is 4,194,304 (max_frame_bytes)",
                        2147483648L + head.length() + 1));
    }

    @Test
    @Tag("advisory-56")
    void anAllowedContentLengthTakesNoMemoryBeforeTheBodyComes() {
        FrameDecoder decoder = decoder(StompVersion.V1_2, HUGE);

        assertThat(allocatedBy(decoder, bytes("SEND\ncontent-length:2147483000\n\nabc")))
                .isLessThan(NEXT_TO_NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEND\ncontent-length:2147483000\n\n", "SEND\n\n"})
    void aBodyTakesAtMostTwiceWhatHasCome(String head) {
        FrameDecoder decoder = decoder(StompVersion.V1_2, HUGE);
        allocatedBy(decoder, bytes(head));
        byte[] read = new byte[1 << 10];
        Arrays.fill(read, (byte) 'x');
        for (int arrived = read.length; arrived <= 8 << 20; arrived += read.length) {
            assertThat(allocatedBy(decoder, read))
                    .as("%d B have come", arrived)
                    .isLessThan(2L * arrived + NEXT_TO_NOTHING);
        }
    }

    @Test
    void aHeadTakesAtMostTwiceWhatHasCome() {
        FrameDecoder decoder = decoder(
                StompVersion.V1_2, new FrameLimits(Integer.MAX_VALUE, 32, Integer.MAX_VALUE, Integer.MAX_VALUE));
        allocatedBy(decoder, bytes("SEND\nx:"));
        byte[] read = new byte[1 << 10];
        Arrays.fill(read, (byte) 'x');
        for (int arrived = read.length; arrived <= 1 << 20; arrived += read.length) {
            assertThat(allocatedBy(decoder, read))
                    .as("%d B have come", arrived)
                    .isLessThan(2L * arrived + NEXT_TO_NOTHING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEND\nx:", "SEND\n\n", "SEND\ncontent-length:2147483000\n\n"})
    void bytesThatComeSinglyAreNotAllCopiedForEachOfThem(String beginning) {
        FrameLimits limits = new FrameLimits(Integer.MAX_VALUE, 32, Integer.MAX_VALUE, 64);
        FrameDecoder decoder = decoder(StompVersion.V1_2, limits);
        allocatedBy(decoder, bytes(beginning));
        byte[] read = {'x'};
        long allocated = 0;
        for (int arrived = 0; arrived < 64 << 10; arrived++) {
            allocated += allocatedBy(decoder, read);
        }

        // the buffers that wrap the reads are counted too
        assertThat(allocated).isLessThan((64 << 10) * 400L);
    }

    private long allocatedBy(FrameDecoder decoder, byte[] read) {
        ByteBuffer in = ByteBuffer.wrap(read);
        long before = meter.bytes();
        Frame frame = decoder.decode(in);
        long allocated = meter.bytes() - before;
        assertThat(frame).isNull();
        return allocated;
    }
}
