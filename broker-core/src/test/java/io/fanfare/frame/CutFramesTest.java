package io.fanfare.frame;

import static io.fanfare.frame.Decoding.cut;
import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.fault;
import static io.fanfare.frame.Decoding.feed;
import static io.fanfare.frame.Decoding.singly;
import static io.fanfare.testing.Transcript.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Bytes may be cut anywhere, inside characters, escapes and ends of lines too. */
@Tag("item-32")
class CutFramesTest {

    static final List<String> SAMPLES = List.of(
            "CONNECT\naccept-version:1.0,1.1,1.2\nhost:h\nlogin: bob\npasscode:p\\cw\n\n^@",
            "CONNECT\r\nlogin: bob \r\n\r\n^@\r\n",
            "SEND\ndestination:/topic/a\n\nhello^@",
            "SEND\r\ndestination:/topic/a\r\ncontent-length:7\r\n\r\na^@b\r\nc^@^@\r\n",
            "SEND\nx:a\\nb\\cc\\\\\ny\\cz:\\\\\\n\n\n^@",
            "SEND\n名前:値😀\nurl:http://x:80\nempty:\n\né€😀^@",
            "SEND\na:1\nb:2\na:3\ncontent-length:0\n\n^@",
            "\n\r\n^@SUBSCRIBE\nid:0\ndestination:/queue/q\nack:client\n\n^@\n\n",
            "BEGIN\ntransaction:t\n\n^@SEND\n\nx^@\nACK\nid:1\n\n^@^@COMMIT\r\ntransaction:t\r\n\r\n^@DISCONNECT\n\n^@",
            "MESSAGE\nx:a\rb\n\n^@");

    static final List<String> FAULTS = List.of(
            "SEND\nreceipt:r\\c1\ncontent-length:3\n\nabcd^@",
            "SEND\r\nreceipt:r1\r\ncontent-length:x\r\n\r\nabcd^@",
            "SEND\nreceipt:r1\nnonsense\n\n^@",
            "SEND\nx:y\nreceipt:r1\n:x\n\n^@",
            "SEND\nx:\\q\nreceipt:r1\n\n^@",
            "SEND\nreceipt:r1\nx:y\n^@",
            "SUBSCRIBE\nreceipt:r1\n\nbody^@",
            "send\nreceipt:r1\n\n^@",
            "SEND\nreceipt:r1\nx:123456789012345678901234567890\n\n^@",
            "SEND\nreceipt:r1\n\n12345678901234567890123456789012345678901234567890^@",
            "SEND\nreceipt:r1\ncontent-length:50\n\n12345678901234567890123456789012345678901234567890^@",
            "SEND\nreceipt:r1\na:1\nb:2\nc:3\nd:4\n\n^@",
            "SUBSCRIBESUBSCRIBE\nreceipt:r1\n\n^@",
            "SUBSCRIBESUBSCRIBE^@",
            "SEND\nx:123456789012345678901234567890^@");

    private static final FrameLimits SMALL = new FrameLimits(60, 16, 24, 4);

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void framesCutAtAnyTwoPositionsAreTheSameFrames(String text) {
        byte[] bytes = bytes(text);
        for (StompVersion version : StompVersion.values()) {
            List<Frame> whole = feed(decoder(version), bytes);
            assertThat(whole).isNotEmpty();
            for (int first = 0; first <= bytes.length; first++) {
                for (int second = first; second <= bytes.length; second++) {
                    byte[][] reads = {
                        Arrays.copyOf(bytes, first),
                        Arrays.copyOfRange(bytes, first, second),
                        Arrays.copyOfRange(bytes, second, bytes.length)
                    };
                    assertThat(feed(decoder(version), reads))
                            .as("STOMP %s, cut at %d and %d", version, first, second)
                            .isEqualTo(whole);
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void whatStandsBehindAReadIsNotLookedAt(String text) {
        byte[] bytes = bytes(text);
        List<Frame> whole = feed(decoder(StompVersion.V1_2), bytes);
        for (int at = 0; at <= bytes.length; at++) {
            FrameDecoder decoder = decoder(StompVersion.V1_2);
            ByteBuffer in = ByteBuffer.wrap(bytes);
            List<Frame> frames = new ArrayList<>();
            for (int limit : new int[] {at, bytes.length}) {
                in.limit(limit);
                for (Frame frame = decoder.decode(in); frame != null; frame = decoder.decode(in)) {
                    frames.add(frame);
                }
                assertThat(in.position()).as("cut at %d", at).isEqualTo(limit);
            }
            assertThat(frames).as("cut at %d", at).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void framesThatComeByteByByteAreTheSameFrames(String text) {
        for (StompVersion version : StompVersion.values()) {
            assertThat(feed(decoder(version), singly(bytes(text)))).isEqualTo(feed(decoder(version), bytes(text)));
        }
    }

    @ParameterizedTest
    @FieldSource("FAULTS")
    void aFaultIsTheSameFaultWhereverItIsCut(String text) {
        byte[] bytes = bytes(text);
        ProtocolException whole = fault(decoder(StompVersion.V1_2, SMALL), bytes);
        for (int at = 0; at <= bytes.length; at++) {
            assertSame(fault(decoder(StompVersion.V1_2, SMALL), cut(bytes, at)), whole, "cut at " + at);
        }
        assertSame(fault(decoder(StompVersion.V1_2, SMALL), singly(bytes)), whole, "byte by byte");
    }

    /** Sizes in the detail may differ: a limit is noticed as soon as it is passed. */
    private static void assertSame(ProtocolException actual, ProtocolException expected, String how) {
        assertThat(actual.summary()).as(how).isEqualTo(expected.summary());
        assertThat(actual.closeCode()).as(how).isEqualTo(expected.closeCode());
        assertThat(actual.receipt()).as(how).isEqualTo(expected.receipt());
    }
}
