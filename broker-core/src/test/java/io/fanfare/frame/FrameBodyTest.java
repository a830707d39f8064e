package io.fanfare.frame;

import static io.fanfare.frame.Decoding.all;
import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.fault;
import static io.fanfare.frame.Decoding.freshDecoder;
import static io.fanfare.frame.Decoding.one;
import static io.fanfare.testing.Transcript.bytes;
import static io.fanfare.testing.Transcript.join;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a body ends, and which frames may have one: STOMP 1.2, Body and Header content-length. */
class FrameBodyTest {

    @Test
    @Tag("item-36")
    @Tag("case-41")
    void contentLengthOctetsAreTheBodyNulsIncluded() {
        List<Frame> frames = all(decoder(StompVersion.V1_2), "SEND\ncontent-length:5\n\na^@^@b\n^@BEGIN\n\n^@");

        assertThat(frames).extracting(Frame::command).containsExactly(Command.SEND, Command.BEGIN);
        assertThat(frames.get(0).body()).isEqualTo(bytes("a^@^@b\n"));
    }

    @Test
    @Tag("item-36")
    void everyOctetMayStandInABody() {
        byte[] body = new byte[256];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }

        assertThat(one(decoder(StompVersion.V1_2), join("SEND\ncontent-length:256\n\n", body, "^@"))
                        .body())
                .isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEND\nreceipt:r\ncontent-length:3\n\nabcd^@", "SEND\nreceipt:r\ncontent-length:0\n\na^@"})
    @Tag("item-36")
    @Tag("case-38")
    void theOctetBehindContentLengthMustBeNul(String tooLong) {
        ProtocolException fault = fault(decoder(StompVersion.V1_2), tooLong);

        assertThat(fault.summary()).isEqualTo("missing NUL");
        assertThat(fault.closeCode()).isEqualTo(CloseCode.PROTOCOL_ERROR);
        assertThat(fault.receipt()).isEqualTo("r");
    }

    @Test
    @Tag("item-36")
    void aContentLengthOf0IsAnEmptyBody() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\ncontent-length:0\n\n^@")
                        .body())
                .isEmpty();
    }

    @Test
    @Tag("item-37")
    void withoutContentLengthTheBodyEndsAtTheFirstNul() {
        List<Frame> frames = all(decoder(StompVersion.V1_2), "SEND\n\na\nb^@SEND\n\nc^@");

        assertThat(frames).extracting(Frame::bodyAsString).containsExactly("a\nb", "c");
    }

    @ParameterizedTest
    @EnumSource(names = {"SEND", "MESSAGE", "ERROR"})
    @Tag("item-38")
    void contentLengthCountsOnEveryFrameThatMayHaveABody(Command command) {
        assertThat(one(decoder(StompVersion.V1_2), command + "\ncontent-length:3\n\na^@b^@")
                        .body())
                .isEqualTo(bytes("a^@b"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SEND", "MESSAGE", "ERROR"})
    @Tag("item-38")
    void contentLengthCountsOnTheOtherFramesToo(Command command) {
        assertThat(one(decoder(StompVersion.V1_2), command + "\ncontent-length:0\n\n^@")
                        .body())
                .isEmpty();
        assertThat(fault(decoder(StompVersion.V1_2), command + "\ncontent-length:3\n\na^@b^@")
                        .detail())
                .contains("3 B");
    }

    @Test
    @Tag("item-39")
    void contentLengthCountsOctetsNotCharacters() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\ncontent-length:9\n\né€😀^@")
                        .bodyAsString())
                .isEqualTo("é€😀");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+5", "5x", "0x5", " 5", "5 ", "5.0", "٥", "1e3", "five"})
    @Tag("item-40")
    @Tag("case-38")
    @Tag("advisory-13")
    void aContentLengthThatIsNoDecimalNumberIsAnError(String length) {
        ProtocolException fault =
                fault(decoder(StompVersion.V1_2), "SEND\nreceipt:r\ncontent-length:" + length + "\n\nhello^@");

        assertThat(fault.summary()).isEqualTo("invalid content-length");
        assertThat(fault.detail()).contains("'" + length + "'");
        assertThat(fault.closeCode()).isEqualTo(CloseCode.PROTOCOL_ERROR);
        assertThat(fault.receipt()).isEqualTo("r");
    }

    @Test
    @Tag("item-40")
    void leadingZeroesOfAContentLengthMeanNothing() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\ncontent-length:00000000000000000000002\n\nhi^@")
                        .bodyAsString())
                .isEqualTo("hi");
    }

    @Test
    @Tag("item-40")
    @Tag("case-36")
    void ofTwoContentLengthsTheFirstCountsEvenWhenTheSecondIsNonsense() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\ncontent-length:2\ncontent-length:x\n\nhi^@")
                        .bodyAsString())
                .isEqualTo("hi");
    }

    @Test
    @Tag("item-40")
    @Tag("item-49")
    void blanksRoundAContentLengthAreTrimmedIn10() {
        assertThat(one(decoder(StompVersion.V1_0), "SEND\ncontent-length: 2 \n\nhi^@")
                        .bodyAsString())
                .isEqualTo("hi");
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SEND", "MESSAGE", "ERROR"})
    @Tag("item-41")
    void aBodyWhereNoneIsAllowedIsAnErrorFrom11On(Command command) {
        for (StompVersion version : List.of(StompVersion.V1_1, StompVersion.V1_2)) {
            ProtocolException fault = fault(decoder(version), command + "\nreceipt:r\n\nbody^@");

            assertThat(fault.summary()).isEqualTo("unexpected body");
            assertThat(fault.detail()).contains(command.name()).contains("4 B");
            assertThat(fault.receipt()).isEqualTo("r");
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SEND", "MESSAGE", "ERROR"})
    @Tag("item-41")
    void aBodyOfLineEndsAloneIsNone(Command command) {
        for (String lineEnds : List.of("\n", "\r\n", "\n\n\r\n")) {
            for (StompVersion version : List.of(StompVersion.V1_1, StompVersion.V1_2)) {
                assertThat(one(decoder(version), command + "\nx:y\n\n" + lineEnds + "^@")
                                .body())
                        .isEmpty();
            }
        }
        assertThat(one(decoder(StompVersion.V1_2), command + "\ncontent-length:2\n\n\r\n^@")
                        .body())
                .isEmpty();
        assertThat(fault(decoder(StompVersion.V1_2), command + "\n\n\n ^@").summary())
                .isEqualTo("unexpected body");
    }

    @Test
    @Tag("item-41")
    void aSecondEmptyLineBehindConnectHarmsNobody() {
        assertThat(one(freshDecoder(), "CONNECT\nlogin:guest\npasscode:guest\n\n\n^@")
                        .body())
                .isEmpty();
    }

    @Test
    @Tag("item-41")
    void everyFrameMayHaveABodyIn10() {
        assertThat(one(decoder(StompVersion.V1_0), "SUBSCRIBE\n\nbody^@").bodyAsString())
                .isEqualTo("body");
    }

    @Test
    @Tag("item-41")
    void connectHasNoBody() {
        assertThat(fault(freshDecoder(), "CONNECT\naccept-version:1.2\n\nbody^@")
                        .summary())
                .isEqualTo("unexpected body");
    }
}
