package io.fanfare.frame;

import static io.fanfare.frame.Decoding.all;
import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.fault;
import static io.fanfare.frame.Decoding.freshDecoder;
import static io.fanfare.frame.Decoding.one;
import static io.fanfare.testing.Transcript.join;
import static io.fanfare.testing.Transcript.octets;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands, lines and headers: STOMP 1.2, STOMP Frames. */
class FrameGrammarTest {

    @Test
    @Tag("item-30")
    void aFrameIsACommandHeadersAndABody() {
        Frame frame = one(decoder(StompVersion.V1_2), "SEND\ndestination:/topic/a\nfoo:bar\n\nhello^@");

        assertThat(frame.command()).isEqualTo(Command.SEND);
        assertThat(frame.headers()).isEqualTo(Headers.of("destination", "/topic/a", "foo", "bar"));
        assertThat(frame.bodyAsString()).isEqualTo("hello");
    }

    @Test
    @Tag("item-30")
    void aFrameMayHaveNeitherHeadersNorBody() {
        Frame frame = one(decoder(StompVersion.V1_2), "DISCONNECT\n\n^@");

        assertThat(frame).isEqualTo(Frame.of(Command.DISCONNECT, Headers.EMPTY));
    }

    @Test
    @Tag("item-31")
    void framesOfOneReadComeInOrder() {
        assertThat(all(
                        decoder(StompVersion.V1_2),
                        "BEGIN\ntransaction:t\n\n^@SEND\n\nx^@\n\nCOMMIT\ntransaction:t\n\n^@\n"))
                .extracting(Frame::command)
                .containsExactly(Command.BEGIN, Command.SEND, Command.COMMIT);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("item-33")
    @Tag("item-34")
    void linesEndWithLfOrCrLfAlsoMixedInEveryVersion(StompVersion version) {
        Frame frame = one(decoder(version), "SEND\r\na:1\nb:2\r\n\r\nbody\r\n^@\r\n");

        assertThat(frame.headers()).isEqualTo(Headers.of("a", "1", "b", "2"));
        assertThat(frame.bodyAsString()).isEqualTo("body\r\n");
    }

    @Test
    @Tag("item-34")
    @Tag("case-34")
    void aCrThatDoesNotEndItsLineIsPartOfTheValue() {
        assertThat(one(decoder(StompVersion.V1_1), "SEND\na:x\ry\r\r\n\n^@").headers())
                .isEqualTo(Headers.of("a", "x\ry\r"));
    }

    @Test
    @Tag("item-35")
    void endsOfLinesAndNulsBetweenFramesAreSkipped() {
        FrameDecoder decoder = decoder(StompVersion.V1_2);

        assertThat(all(decoder, "\n\r\n\n^@\n")).isEmpty();
        assertThat(decoder.isInsideFrame()).isFalse();
        assertThat(all(decoder, "\n\r\nBEGIN\n\n^@^@\r\n\n^@COMMIT\n\n^@\n\n"))
                .extracting(Frame::command)
                .containsExactly(Command.BEGIN, Command.COMMIT);
    }

    @Test
    void aDecoderKnowsWhetherAFrameHasBegun() {
        FrameDecoder decoder = decoder(StompVersion.V1_2);

        all(decoder, "\n");
        assertThat(decoder.isInsideFrame()).isFalse();
        all(decoder, "S");
        assertThat(decoder.isInsideFrame()).isTrue();
        all(decoder, "END\n\n");
        assertThat(decoder.isInsideFrame()).isTrue();
        all(decoder, "^@");
        assertThat(decoder.isInsideFrame()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void everyCommandIsKnownByItsName(Command command) {
        assertThat(one(decoder(StompVersion.V1_2), command + "\nx:y\n\n^@").command())
                .isEqualTo(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"send", "Send", "SENDX", "SEN", "SEND ", " SEND", "SEND:", "GET / HTTP/1.1", "ACKNACK"})
    @Tag("item-42")
    @Tag("item-43")
    void aCommandIsItsExactNameAndNoPrefix(String command) {
        ProtocolException fault = fault(decoder(StompVersion.V1_2), command + "\nx:y\n\n^@");

        assertThat(fault.summary()).isEqualTo("unknown command");
        assertThat(fault.detail()).contains("'" + command + "'").contains("capitals");
        assertThat(fault.closeCode()).isEqualTo(CloseCode.PROTOCOL_ERROR);
    }

    @Test
    @Tag("item-42")
    void headerNamesAreCaseSensitive() {
        Headers headers = one(decoder(StompVersion.V1_2), "SEND\nDestination:/topic/a\n\n^@")
                .headers();

        assertThat(headers.get("destination")).isNull();
        assertThat(headers.get("Destination")).isEqualTo("/topic/a");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("item-44")
    void aHeaderLineWithoutAColonIsAnError(StompVersion version) {
        ProtocolException fault = fault(decoder(version), "SEND\na:1\nnonsense\n\n^@");

        assertThat(fault.summary()).isEqualTo("malformed header");
        assertThat(fault.detail()).isEqualTo("header line 2 has no colon");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("item-44")
    void aHeaderWithAnEmptyNameIsAnError(StompVersion version) {
        assertThat(fault(decoder(version), "SEND\na:1\n:x\n\n^@").detail())
                .isEqualTo("header line 2 has an empty name");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("item-44")
    void aValueMayBeEmpty(StompVersion version) {
        assertThat(one(decoder(version), "SEND\nfoo:\n\n^@").headers()).isEqualTo(Headers.of("foo", ""));
    }

    @Test
    void aNulBeforeTheEmptyLineIsAnError() {
        assertThat(fault(decoder(StompVersion.V1_2), "SEND\ndestination:/topic/a\n^@")
                        .summary())
                .isEqualTo("malformed frame");
        assertThat(fault(decoder(StompVersion.V1_2), "SEND^@").summary()).isEqualTo("malformed frame");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("item-45")
    void aLineIsSplitAtItsFirstColon(StompVersion version) {
        assertThat(one(decoder(version), "SEND\nurl:http://x:80/::\n\n^@").headers())
                .isEqualTo(Headers.of("url", "http://x:80/::"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"destination", "receipt", "id", "transaction"})
    @Tag("item-46")
    @Tag("case-36")
    void ofRepeatedHeadersTheFirstCounts(String name) {
        Headers headers = one(decoder(StompVersion.V1_2), "SEND\n" + name + ":1\nx:y\n" + name + ":2\n\n^@")
                .headers();

        assertThat(headers.get(name)).isEqualTo("1");
    }

    @Test
    @Tag("item-46")
    @Tag("case-36")
    void ofRepeatedContentLengthsTheFirstCounts() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\ncontent-length:3\ncontent-length:1\n\na^@b^@")
                        .body())
                .containsExactly('a', 0, 'b');
    }

    @Test
    @Tag("item-47")
    void repeatedHeadersAreAllKeptInOrder() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\na:1\nb:2\na:3\n\n^@").headers())
                .isEqualTo(Headers.of("a", "1", "b", "2", "a", "3"));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("item-48")
    void namesAndValuesAreUtf8(StompVersion version) {
        assertThat(one(decoder(version), "SEND\n名前:値\n😀:é\n\n^@").headers())
                .isEqualTo(Headers.of("名前", "値", "😀", "é"));
    }

    @Test
    @Tag("item-48")
    void malformedUtf8InAHeaderIsAnError() {
        for (byte[] bad : new byte[][] {octets(0xFF), octets(0xC3), octets(0xC0, 0x80), octets(0xED, 0xA0, 0x80)}) {
            ProtocolException inValue = fault(decoder(StompVersion.V1_2), join("SEND\nreceipt:r\na:", bad, "\n\n^@"));
            ProtocolException inName = fault(decoder(StompVersion.V1_2), join("SEND\nreceipt:r\n", bad, ":a\n\n^@"));

            assertThat(inValue.closeCode()).isEqualTo(CloseCode.INVALID_DATA);
            assertThat(inValue.receipt()).isEqualTo("r");
            assertThat(inName.closeCode()).isEqualTo(CloseCode.INVALID_DATA);
        }
    }

    @Test
    @Tag("item-48")
    void aBodyNeedNotBeUtf8() {
        assertThat(one(decoder(StompVersion.V1_2), join("SEND\n\n", octets(0xFF, 0xC0), "^@"))
                        .body())
                .isEqualTo(octets(0xFF, 0xC0));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "V1_0")
    @Tag("item-49")
    void valuesKeepTheirBlanks(StompVersion version) {
        assertThat(one(decoder(version), "SEND\nfoo:  x \n bar :\t\n\n^@").headers())
                .isEqualTo(Headers.of("foo", "  x ", " bar ", "\t"));
    }

    @Test
    @Tag("item-49")
    void valuesAreTrimmedIn10() {
        assertThat(one(decoder(StompVersion.V1_0), "SEND\nfoo: \t x y \nbar:  \n\n^@")
                        .headers())
                .isEqualTo(Headers.of("foo", "x y", "bar", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "accept-version:1.0\n", "accept-version: 1.0 \n"})
    @Tag("item-49")
    void aConnectThatOffersNoLaterVersionIsTrimmedAs10Says(String acceptVersion) {
        Headers headers = one(freshDecoder(), "CONNECT\n" + acceptVersion + "login: bob \n\n^@")
                .headers();

        assertThat(headers.get("login")).isEqualTo("bob");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "1.0,1.1,1.2", "1.2"})
    @Tag("item-49")
    void aConnectThatOffersALaterVersionKeepsItsBlanks(String acceptVersion) {
        Headers headers = one(freshDecoder(), "CONNECT\naccept-version:" + acceptVersion + "\nlogin: bob \n\n^@")
                .headers();

        assertThat(headers.get("login")).isEqualTo(" bob ");
    }

    /** What is counted is what a client may send without end and without a frame. */
    @Test
    @Tag("item-35")
    void idleBytesAreThoseBehindTheSixteenthSinceTheLastFrame() {
        FrameDecoder decoder = decoder(StompVersion.V1_2);

        all(decoder, "\n".repeat(16));
        assertThat(decoder.takeIdleBytes()).isZero();
        all(decoder, "\n\r^@");
        assertThat(decoder.takeIdleBytes()).isEqualTo(3);
        assertThat(decoder.takeIdleBytes()).as("asked again").isZero();
        all(decoder, "\nBEGIN\n\n^@" + "\n".repeat(16));
        assertThat(decoder.takeIdleBytes())
                .as("before the frame, none behind it")
                .isEqualTo(1);
        all(decoder, "\n\n");
        assertThat(decoder.takeIdleBytes()).isEqualTo(2);
    }
}
