package io.fanfare.frame;

import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.fault;
import static io.fanfare.frame.Decoding.freshDecoder;
import static io.fanfare.frame.Decoding.one;
import static io.fanfare.testing.Transcript.bytes;
import static io.fanfare.testing.Transcript.join;
import static io.fanfare.testing.Transcript.octets;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fault tells: the receipt of its frame, if that had been read, and the code the connection closes with. */
@Tag("item-117")
class ProtocolFaultTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SEND\nreceipt:r1\nnonsense\n\n^@",
                "SEND\nreceipt:r1\n:x\n\n^@",
                "SEND\nreceipt:r1\nx:\\q\n\n^@",
                "SEND\nx:\\q\nreceipt:r1\n\n^@",
                "SEND\nreceipt:r1\n^@",
                "SEND\nreceipt:r1\nx:y^@",
                "SEND\nreceipt:r1\ncontent-length:x\n\n^@",
                "SEND\nreceipt:r1\ncontent-length:1\n\nxx^@",
                "ACK\r\nreceipt:r1\r\n\r\nbody^@",
                "WHATEVER\nreceipt:r1\n\n^@"
            })
    void aFaultBringsTheReceiptOfItsFrame(String text) {
        ProtocolException fault = fault(decoder(StompVersion.V1_2), text);

        assertThat(fault.receipt()).isEqualTo("r1");
        assertThat(fault.closeCode()).isEqualTo(CloseCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SEND\nnonsense\nreceipt:r1\n\n^@",
                "SEND\nreceipt:r1^@",
                "SEND^@",
                "SEND\nx:\\q\n\n^@",
                "SEND\nreceipt:\\q\n\n^@",
                "SEND\nReceipt:r1\nnonsense\n\n^@",
                "SEND\nreceipt-id:r1\nnonsense\n\n^@",
                "receipt:r1\nx\n\n^@"
            })
    void aFaultBringsNoReceiptThatHadNotBeenRead(String text) {
        assertThat(fault(decoder(StompVersion.V1_2), text).receipt()).isNull();
    }

    @Test
    void theReceiptIsUnescapedAsItsVersionSays() {
        String text = "SEND\nreceipt: a\\cb\\\\\nnonsense\n\n^@";

        assertThat(fault(decoder(StompVersion.V1_2), text).receipt()).isEqualTo(" a:b\\");
        assertThat(fault(decoder(StompVersion.V1_1), text).receipt()).isEqualTo(" a:b\\");
        assertThat(fault(decoder(StompVersion.V1_0), text).receipt()).isEqualTo("a\\cb\\\\");
        assertThat(fault(freshDecoder(), text).receipt()).isEqualTo(" a\\cb\\\\");
    }

    @Test
    void aReceiptOfBlanksAloneIsEmptyIn10() {
        assertThat(fault(decoder(StompVersion.V1_0), "SEND\nreceipt:  \nnonsense\n\n^@")
                        .receipt())
                .isEmpty();
    }

    @Test
    void theReceiptOfAConnectIsNotUnescaped() {
        assertThat(fault(decoder(StompVersion.V1_2), "CONNECT\naccept-version:1.2\nreceipt:a\\cb\n\nbody^@")
                        .receipt())
                .isEqualTo("a\\cb");
        assertThat(fault(decoder(StompVersion.V1_2), "CONNECT\nreceipt:a\\cb\nnonsense\n\n^@")
                        .receipt())
                .isEqualTo("a\\cb");
    }

    @Test
    void theReceiptIsRememberedWhenTheBodyComesLater() {
        assertThat(fault(
                                decoder(StompVersion.V1_2),
                                bytes("SEND\nreceipt:a\\cb\ncontent-length:3\n\n"),
                                bytes("ab"),
                                bytes("cd^@"))
                        .receipt())
                .isEqualTo("a:b");
        assertThat(fault(decoder(StompVersion.V1_2), bytes("ACK\nreceipt:a\\cb\n\n"), bytes("body^@"))
                        .receipt())
                .isEqualTo("a:b");
        assertThat(fault(
                                decoder(StompVersion.V1_2, FrameLimits.DEFAULT.withMaxFrameBytes(29)),
                                bytes("SEND\nreceipt:a\\cb\n\n"),
                                bytes("0123456789"))
                        .receipt())
                .isEqualTo("a:b");
    }

    @Test
    void ofTwoReceiptsTheFirstCounts() {
        assertThat(fault(decoder(StompVersion.V1_2), "SEND\nreceipt:1\nreceipt:2\nnonsense\n\n^@")
                        .receipt())
                .isEqualTo("1");
    }

    @Test
    void theReceiptOfAnEarlierFrameIsNotThatOfTheMalformedOne() {
        FrameDecoder decoder = decoder(StompVersion.V1_2);
        one(decoder, "SEND\nreceipt:r1\n\nhello^@");

        assertThat(fault(decoder, "SEND\nnonsense\n\n^@").receipt()).isNull();
    }

    @Test
    void aReceiptThatIsNotUtf8IsNone() {
        assertThat(fault(decoder(StompVersion.V1_2), join("SEND\nreceipt:", octets(0xFF), "\n\n^@"))
                        .receipt())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"39, 32, 99, 9", "99, 3, 99, 9", "99, 32, 9, 9", "99, 32, 99, 1"})
    @Tag("item-23")
    void aPassedLimitClosesWithTooBig(int frame, int command, int line, int headers) {
        FrameLimits limits = new FrameLimits(frame, command, line, headers);

        assertThat(fault(decoder(StompVersion.V1_2, limits), "SEND\nreceipt:r\nx:1234567890\n\n1234567890^@")
                        .closeCode())
                .isEqualTo(CloseCode.TOO_BIG);
    }

    @Test
    @Tag("item-23")
    void closeCodesAreTheDocumentedOnes() {
        assertThat(CloseCode.PROTOCOL_ERROR.code()).isEqualTo(1002);
        assertThat(CloseCode.INVALID_DATA.code()).isEqualTo(1007);
        assertThat(CloseCode.TOO_BIG.code()).isEqualTo(1009);
    }

    @Test
    @Tag("item-118")
    void aFaultCarriesNoStackTrace() {
        assertThat(fault(decoder(StompVersion.V1_2), "SEND\nnonsense\n\n^@").getStackTrace())
                .isEmpty();
        assertThat(new ProtocolException("no such transaction: t1").detail()).isEqualTo("no such transaction: t1");
    }

    @Test
    @Tag("item-118")
    void whatThePeerSentIsQuotedAndCutInTheText() {
        assertThat(fault(decoder(StompVersion.V1_2), "A\u0007B\n\n^@").detail()).contains("'A\\u0007B'");
        assertThat(fault(decoder(StompVersion.V1_2), "SEND\ncontent-length:" + "9x".repeat(500) + "\n\n^@")
                        .detail())
                .hasSizeLessThan(200);
    }
}
