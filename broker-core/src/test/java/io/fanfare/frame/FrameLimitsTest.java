package io.fanfare.frame;

import static io.fanfare.frame.Decoding.all;
import static io.fanfare.frame.Decoding.cut;
import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.fault;
import static io.fanfare.frame.Decoding.feed;
import static io.fanfare.frame.Decoding.one;
import static io.fanfare.testing.Transcript.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each limit at the limit and one past it. */
@Tag("item-124")
class FrameLimitsTest {

    private static final int PLENTY = 1_000_000;

    @Test
    void aCommandMayBeAsLongAsItsLimit() {
        assertThat(one(maxCommand(9), "SUBSCRIBE\r\n\r\n^@").command()).isEqualTo(Command.SUBSCRIBE);

        assertTooBig(
                fault(maxCommand(8), "SUBSCRIBE\n\n^@"), "the command has 9 B, its limit is 8 (max_command_bytes)");
    }

    @Test
    void aCommandWithoutAnEndIsRefusedAsSoonAsItIsTooLong() {
        assertThat(all(maxCommand(8), "AAAAAAAA")).isEmpty();
        assertTooBig(fault(maxCommand(8), "AAAAAAAAA"), "the command has 9 B, its limit is 8 (max_command_bytes)");
    }

    @Test
    void aHeaderLineMayBeAsLongAsItsLimit() {
        assertThat(one(maxLine(10), "SEND\nname:67890\n\n^@").headers()).isEqualTo(Headers.of("name", "67890"));

        assertTooBig(
                fault(maxLine(9), "SEND\nname:67890\n\n^@"),
                "the header line has 10 B, its limit is 9 (max_header_line_bytes)");
    }

    @Test
    void theEndOfALineIsNotCountedWhereverItIsCut() {
        byte[] text = bytes("SUBSCRIBE\r\nname:67890\r\n\r\n^@");
        for (int at = 0; at <= text.length; at++) {
            FrameDecoder decoder = decoder(StompVersion.V1_2, new FrameLimits(PLENTY, 9, 10, 1));
            assertThat(feed(decoder, cut(text, at))).as("cut at %d", at).hasSize(1);
        }
    }

    @Test
    @Tag("advisory-14")
    void aHeaderLineWithoutAnEndIsRefusedAsSoonAsItIsTooLong() {
        assertThat(all(maxLine(10), "SEND\nname:67890")).isEmpty();
        assertTooBig(
                fault(maxLine(10), "SEND\nname:678901"),
                "the header line has 11 B, its limit is 10 (max_header_line_bytes)");
        assertTooBig(
                fault(maxLine(10), "SEND\nname:67890\r\r"),
                "the header line has 11 B, its limit is 10 (max_header_line_bytes)");
    }

    @Test
    void thereMayBeAsManyHeadersAsTheirLimit() {
        assertThat(one(maxHeaders(3), "SEND\na:1\nb:2\na:3\n\n^@").headers().size())
                .isEqualTo(3);

        assertTooBig(
                fault(maxHeaders(2), "SEND\na:1\nb:2\na:3\n\n^@"),
                "the frame has 3 headers, its limit is 2 (max_headers)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SEND\nx:y\n\nhello^@",
                "SEND\r\nx:y\r\n\r\nhello^@",
                "SEND\ncontent-length:5\n\nhello^@",
                "SEND\ncontent-length:0\n\n^@",
                "DISCONNECT\n\n^@"
            })
    void aFrameMayBeAsLongAsItsLimit(String text) {
        int size = bytes(text).length;

        assertThat(all(maxFrame(size), text + "\n\n\n" + text)).hasSize(2);
        assertTooBig(
                fault(maxFrame(size - 1), "\n\n" + text),
                "the frame has " + size + " B, its limit is " + (size - 1) + " (max_frame_bytes)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 6, 8, 11, 12})
    @Tag("case-35")
    void aHeadAloneMayPassTheLimitOfTheFrame(int limit) {
        ProtocolException fault = fault(maxFrame(limit), "SEND\nx:1\ny:2\n\n^@");

        assertThat(fault.closeCode()).isEqualTo(CloseCode.TOO_BIG);
        assertThat(fault.detail())
                .startsWith("the frame has ")
                .endsWith(" B, its limit is " + limit + " (max_frame_bytes)");
    }

    @Test
    void aBodyWithoutAnEndIsRefusedAsSoonAsItIsTooLong() {
        int head = "SEND\n\n".length();

        assertThat(all(maxFrame(head + 4), "SEND\n\nabc")).isEmpty();
        assertTooBig(
                fault(maxFrame(head + 4), bytes("SEND\n\nab"), bytes("cd")),
                "the frame has 11 B, its limit is 10 (max_frame_bytes)");
    }

    @Test
    void anAnnouncedBodyIsRefusedBeforeItComes() {
        assertTooBig(
                fault(decoder(StompVersion.V1_2), "SEND\nreceipt:r\ncontent-length:4194304\n\n"),
                "the frame has 4,194,344 B, its limit is 4,194,304 (max_frame_bytes)");
    }

    @Test
    void newLimitsHoldForTheNextFrame() {
        FrameDecoder decoder = maxFrame(10);
        all(decoder, "SEND\n\n123^@");

        decoder.limits(FrameLimits.DEFAULT.withMaxFrameBytes(20));

        assertThat(one(decoder, "SEND\n\n1234567890123^@").body()).hasSize(13);
        assertThat(fault(decoder, "SEND\n\n12345678901234^@").closeCode()).isEqualTo(CloseCode.TOO_BIG);
    }

    @Test
    void newLimitsHoldForAFrameThatHasBegunToo() {
        FrameDecoder decoder = maxFrame(20);
        all(decoder, "SEND\n\n1234");

        decoder.limits(FrameLimits.DEFAULT.withMaxFrameBytes(10));

        assertTooBig(fault(decoder, "5"), "the frame has 12 B, its limit is 10 (max_frame_bytes)");
    }

    @Test
    void whatDidNotComeAsAFrameMayBeAsLargeAsOne() {
        Headers headers = Headers.of("größe", "1", "b", "2");
        byte[] body = new byte[5];

        new FrameLimits(19, 1, 9, 2).check(headers, body);
        assertTooBig(
                new FrameLimits(18, 1, 9, 2), headers, body, "the frame has 19 B, its limit is 18 (max_frame_bytes)");
        assertTooBig(
                FrameLimits.DEFAULT.withMaxHeaderLineBytes(8),
                headers,
                body,
                "a header has 9 B, its limit is 8 (max_header_line_bytes)");
        assertTooBig(
                FrameLimits.DEFAULT.withMaxHeaders(1),
                headers,
                body,
                "the message has 2 headers, its limit is 1 (max_headers)");
    }

    private static void assertTooBig(FrameLimits limits, Headers headers, byte[] body, String detail) {
        assertThatThrownBy(() -> limits.check(headers, body))
                .isInstanceOfSatisfying(
                        ProtocolException.class,
                        fault -> assertThat(fault.detail()).isEqualTo(detail));
    }

    @Test
    void theTextOfALimitDoesNotDependOnWhereTheServerStands() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(FrameLimits.tooLarge("frame", "the frame has %,d B", 1_234_567, 1_000, "key"))
                    .hasMessage("the frame has 1,234,567 B, its limit is 1,000 (key)");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void theDefaultsAreTheDocumentedOnes() {
        assertThat(FrameLimits.DEFAULT).isEqualTo(new FrameLimits(4_194_304, 32, 8_192, 64));
    }

    private static void assertTooBig(ProtocolException fault, String detail) {
        assertThat(fault.detail()).isEqualTo(detail);
        assertThat(fault.summary())
                .isEqualTo(detail.replaceFirst("the frame has \\S+ headers.*", "number of headers too large")
                        .replaceFirst("the (.+) has .*", "$1 too large"));
        assertThat(fault.closeCode()).isEqualTo(CloseCode.TOO_BIG);
    }

    private static FrameDecoder maxFrame(int bytes) {
        return decoder(StompVersion.V1_2, new FrameLimits(bytes, PLENTY, PLENTY, PLENTY));
    }

    private static FrameDecoder maxCommand(int bytes) {
        return decoder(StompVersion.V1_2, new FrameLimits(PLENTY, PLENTY, PLENTY, PLENTY).withMaxCommandBytes(bytes));
    }

    private static FrameDecoder maxLine(int bytes) {
        return decoder(StompVersion.V1_2, new FrameLimits(PLENTY, PLENTY, bytes, PLENTY));
    }

    private static FrameDecoder maxHeaders(int count) {
        return decoder(StompVersion.V1_2, new FrameLimits(PLENTY, PLENTY, PLENTY, count));
    }

    @Test
    void aCommandIsNotHeldAgainstTheLimitOfAHeaderLine() {
        FrameLimits limits = new FrameLimits(PLENTY, 10, 3, 1);

        assertThat(one(decoder(StompVersion.V1_2, limits), "DISCONNECT\nx:1\n\n^@")
                        .command())
                .isEqualTo(Command.DISCONNECT);
    }

    @Test
    void aHeadWithoutAnEndIsRefusedAsSoonAsTheFrameIsTooLong() {
        assertThat(all(maxFrame(10), "SEND\nx:123")).isEmpty();
        assertTooBig(fault(maxFrame(10), "SEND\nx:1234"), "the frame has 11 B, its limit is 10 (max_frame_bytes)");
    }

    @Test
    void aLineThatANulEndsIsTooLongOnlyForItself() {
        assertThat(fault(maxLine(3), "SEND\nx:1\ny:2^@").summary()).isEqualTo("malformed frame");
        assertThat(fault(maxLine(3), "SEND\nx:1\ny:23^@").summary()).isEqualTo("header line too large");
    }

    @Test
    void eachLimitIsChangedAlone() {
        FrameLimits limits = new FrameLimits(1, 2, 3, 4, "key");

        assertThat(limits.withMaxFrameBytes(9)).isEqualTo(new FrameLimits(9, 2, 3, 4, "key"));
        assertThat(limits.withMaxFrameBytes(9, "other")).isEqualTo(new FrameLimits(9, 2, 3, 4, "other"));
        assertThat(limits.withMaxCommandBytes(9)).isEqualTo(new FrameLimits(1, 9, 3, 4, "key"));
        assertThat(limits.withMaxHeaderLineBytes(9)).isEqualTo(new FrameLimits(1, 2, 9, 4, "key"));
        assertThat(limits.withMaxHeaders(9)).isEqualTo(new FrameLimits(1, 2, 3, 9, "key"));
    }
}
