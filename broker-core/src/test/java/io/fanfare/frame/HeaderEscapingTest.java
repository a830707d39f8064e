package io.fanfare.frame;

import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.fault;
import static io.fanfare.frame.Decoding.freshDecoder;
import static io.fanfare.frame.Decoding.one;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Escapes in headers that come in: STOMP 1.2, Value Encoding. What goes out: {@link FrameEncoderTest}. */
class HeaderEscapingTest {

    @Test
    @Tag("item-50")
    void the12EscapesAreDecodedInNamesAndValues() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\na\\cb\\nc\\rd\\\\e:f\\cg\\nh\\ri\\\\j\n\n^@")
                        .headers())
                .isEqualTo(Headers.of("a:b\nc\rd\\e", "f:g\nh\ri\\j"));
    }

    @Test
    @Tag("item-50")
    void anEscapedBackslashIsNotTheBeginningOfAnotherEscape() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\nx:\\\\n\\\\\\n\n\n^@").headers())
                .isEqualTo(Headers.of("x", "\\n\\\n"));
    }

    @Test
    @Tag("item-51")
    void the11EscapesAreDecodedInNamesAndValues() {
        assertThat(one(decoder(StompVersion.V1_1), "SEND\na\\cb\\nc\\\\d:e\\cf\\ng\\\\h\n\n^@")
                        .headers())
                .isEqualTo(Headers.of("a:b\nc\\d", "e:f\ng\\h"));
    }

    @Test
    @Tag("item-51")
    void anEscapedCrIsUndefinedIn11() {
        ProtocolException fault = fault(decoder(StompVersion.V1_1), "SEND\nx:a\\rb\n\n^@");

        assertThat(fault.summary()).isEqualTo("undefined escape");
        assertThat(fault.detail()).contains("STOMP 1.1").contains("\\r");
    }

    @Test
    @Tag("item-52")
    @Tag("case-33")
    void nothingIsAnEscapeIn10() {
        assertThat(one(decoder(StompVersion.V1_0), "SEND\na\\nb:a\\nb\\t\\\n\n^@")
                        .headers())
                .isEqualTo(Headers.of("a\\nb", "a\\nb\\t\\"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"x:\\t", "x:a\\", "x:\\C", "x:\\N", "x:\\\\\\", "x:\\ ", "x:\\é", "x\\t:a", "x\\:a", "x:\\:"})
    @Tag("item-53")
    @Tag("case-33")
    void anUndefinedEscapeIsAnErrorFrom11On(String line) {
        for (StompVersion version : new StompVersion[] {StompVersion.V1_1, StompVersion.V1_2}) {
            ProtocolException fault = fault(decoder(version), "SEND\nreceipt:r\n" + line + "\n\n^@");

            assertThat(fault.summary()).isEqualTo("undefined escape");
            assertThat(fault.detail()).contains("STOMP " + version).contains("\\");
            assertThat(fault.closeCode()).isEqualTo(CloseCode.PROTOCOL_ERROR);
            assertThat(fault.receipt()).isEqualTo("r");
        }
    }

    @Test
    @Tag("item-53")
    void aBackslashBeforeCrLfIsATrailingBackslash() {
        assertThat(fault(decoder(StompVersion.V1_2), "SEND\r\nx:a\\\r\n\r\n^@").summary())
                .isEqualTo("undefined escape");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECT", "STOMP", "CONNECTED"})
    @Tag("item-54")
    void connectStompAndConnectedAreNeverUnescaped(Command command) {
        String text = command + "\naccept-version:1.2\npasscode:p\\cw\\t\\\n\n^@";

        assertThat(one(freshDecoder(), text).headers().get("passcode")).isEqualTo("p\\cw\\t\\");
        for (StompVersion version : StompVersion.values()) {
            assertThat(one(decoder(version), text).headers().get("passcode")).isEqualTo("p\\cw\\t\\");
        }
    }

    @Test
    @Tag("item-54")
    void nothingIsUnescapedBeforeConnected() {
        assertThat(one(freshDecoder(), "SEND\nx:a\\nb\\t\n\n^@").headers()).isEqualTo(Headers.of("x", "a\\nb\\t"));
    }

    @Test
    @Tag("item-54")
    void escapesCountFromTheFrameBehindConnectOn() {
        FrameDecoder decoder = freshDecoder();

        one(decoder, "CONNECT\naccept-version:1.2\n\n^@");
        decoder.version(StompVersion.V1_2);

        assertThat(one(decoder, "SEND\nx:a\\nb\n\n^@").headers()).isEqualTo(Headers.of("x", "a\nb"));
    }

    @Test
    @Tag("item-54")
    @Tag("item-67")
    void aFrameThatHasBegunWhenConnectedIsSentIsUnescapedAsAgreed() {
        FrameDecoder decoder = freshDecoder();
        Decoding.all(decoder, "CONNECT\naccept-version:1.2\n\n^@SEND\nx:a\\");

        decoder.version(StompVersion.V1_2);

        assertThat(one(decoder, "nb\n\n^@").headers()).isEqualTo(Headers.of("x", "a\nb"));
    }

    @Test
    @Tag("item-48")
    @Tag("item-50")
    void escapesAndUtf8MayStandSideBySide() {
        assertThat(one(decoder(StompVersion.V1_2), "SEND\n名\\c前:\\n値\\\\😀\n\n^@")
                        .headers())
                .isEqualTo(Headers.of("名:前", "\n値\\😀"));
    }

    @Test
    @Tag("item-46")
    @Tag("item-50")
    void namesAreComparedAfterTheyAreUnescaped() {
        Headers headers =
                one(decoder(StompVersion.V1_2), "SEND\na\\cb:1\na\\cb:2\n\n^@").headers();

        assertThat(headers.get("a:b")).isEqualTo("1");
    }

    @Test
    @Tag("item-53")
    void theTextOfAnUndefinedEscapeQuotesIt() {
        assertThat(fault(decoder(StompVersion.V1_2), "SEND\nx:a\\tb\n\n^@").detail())
                .isEqualTo("STOMP 1.2 does not define the escape sequence '\\t' (STOMP 1.2, Value Encoding)");
        assertThat(fault(decoder(StompVersion.V1_1), "SEND\nx:ab\\\n\n^@").detail())
                .isEqualTo("STOMP 1.1 does not define the escape sequence '\\' (STOMP 1.1, Value Encoding)");
    }
}
