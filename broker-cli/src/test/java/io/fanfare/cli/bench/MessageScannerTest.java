package io.fanfare.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scans whole MESSAGEs, and leaves all others to the decoder. */
class MessageScannerTest {

    private final MessageScanner scanner = new MessageScanner();

    @Test
    void bodyIsAsLongAsContentLengthSays() {
        byte[] bytes = bytes("MESSAGE\nsubscription:0\ncontent-length:4\nmessage-id:7\n\na^@\nb^@");

        assertThat(scanner.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(part(bytes, scanner.bodyFrom(), scanner.bodyTo())).isEqualTo("a\0\nb");
    }

    @Test
    void bodyWithoutContentLengthEndsAtTheNul() {
        byte[] bytes = bytes("MESSAGE\nsubscription:0\n\nhello^@");

        assertThat(scanner.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(part(bytes, scanner.bodyFrom(), scanner.bodyTo())).isEqualTo("hello");
    }

    @Test
    void nextFrameBeginsBehindTheNulAndTheLineEnds() {
        byte[] bytes = bytes("MESSAGE\nid:1\n\na^@\n\nMESSAGE\nid:2\n\nb^@");

        int second = scanner.scan(bytes, 0, bytes.length);
        assertThat(part(bytes, second, second + 7)).isEqualTo("MESSAGE");
        assertThat(scanner.scan(bytes, second, bytes.length)).isEqualTo(bytes.length);
        assertThat(part(bytes, scanner.bodyFrom(), scanner.bodyTo())).isEqualTo("b");
    }

    @Test
    void ackIsFoundAmongHeadersThatBeginAlikeAndTheFirstCounts() {
        byte[] bytes = bytes("MESSAGE\nack-mode:no\nack:a\\c1\nack:b\ncontent-length:1\ncontent-length:9\n\nx^@");

        assertThat(scanner.scan(bytes, 0, bytes.length)).isEqualTo(bytes.length);
        assertThat(part(bytes, scanner.ackFrom(), scanner.ackTo())).isEqualTo("a\\c1");
    }

    @Test
    void messageWithoutAckHasNone() {
        byte[] first = bytes("MESSAGE\nack:1\n\na^@");
        byte[] second = bytes("MESSAGE\nmessage-id:1\n\na^@");

        scanner.scan(first, 0, first.length);
        scanner.scan(second, 0, second.length);

        assertThat(scanner.ackTo()).isEqualTo(scanner.ackFrom());
    }

    @Test
    void messageOfWhichOneByteIsMissingIsLeftAlone() {
        byte[] bytes = bytes("MESSAGE\nsubscription:0\ncontent-length:3\n\nabc^@");

        for (int to = 0; to < bytes.length; to++) {
            assertThat(scanner.scan(bytes, 0, to)).as("%d bytes", to).isZero();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "RECEIPT\nreceipt-id:1\n\n^@",
                "MESSAGES\na:b\n\n^@",
                "MESSAGE\r\na:b\r\n\r\n^@",
                "MESSAGE\na:b\r\n\r\n^@",
                "MESSAGE\ncontent-length:x\n\n^@",
                "MESSAGE\ncontent-length:\n\n^@",
                "MESSAGE\ncontent-length:1\n\nab^@",
                "\nMESSAGE\na:b\n\n^@"
            })
    void whatIsUnusualIsLeftAlone(String frame) {
        byte[] bytes = bytes(frame);

        assertThat(scanner.scan(bytes, 0, bytes.length)).isZero();
    }

    private static byte[] bytes(String transcript) {
        return transcript.replace("^@", "\0").getBytes(UTF_8);
    }

    private static String part(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, UTF_8);
    }
}
