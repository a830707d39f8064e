package io.fanfare.frame;

import static io.fanfare.frame.Decoding.decoder;
import static io.fanfare.frame.Decoding.one;
import static io.fanfare.testing.Transcript.bytes;
import static io.fanfare.testing.Transcript.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames on their way out: STOMP 1.2, Value Encoding, for a receiver of each version. */
class FrameEncoderTest {

    @ParameterizedTest
    @EnumSource
    void aFrameIsWrittenAsTheSpecificationShowsIt(StompVersion version) {
        Frame frame = Frame.of(Command.MESSAGE, Headers.of("subscription", "0", "foo", ""), "hello");

        assertThat(encoded(frame, version)).isEqualTo("MESSAGE\nsubscription:0\nfoo:\ncontent-length:5\n\nhello^@");
    }

    @Test
    void aFrameWithoutABodyHasNoContentLength() {
        assertThat(encoded(Frame.of(Command.DISCONNECT, Headers.EMPTY), StompVersion.V1_2))
                .isEqualTo("DISCONNECT\n\n^@");
    }

    @Test
    void aContentLengthThatIsThereIsNotWrittenTwice() {
        assertThat(encoded(
                        Frame.of(Command.SEND, Headers.of("content-length", "2", "x", "y"), "hi"), StompVersion.V1_2))
                .isEqualTo("SEND\ncontent-length:2\nx:y\n\nhi^@");
    }

    @Test
    @Tag("item-39")
    void contentLengthCountsOctets() {
        assertThat(encoded(Frame.of(Command.SEND, Headers.EMPTY, "é€😀"), StompVersion.V1_2))
                .contains("content-length:9\n");
    }

    @ParameterizedTest
    @CsvSource({
        "V1_0, 'MESSAGE\na\\\\b:c:d\\\\e f g\n\n^@'",
        "V1_1, 'MESSAGE\na\\\\\\\\b:c\\\\cd\\\\\\\\e\\\\nf g\n\n^@'",
        "V1_2, 'MESSAGE\na\\\\\\\\b:c\\\\cd\\\\\\\\e\\\\nf\\\\rg\n\n^@'",
    })
    @Tag("item-55")
    @Tag("item-56")
    void eachReceiverGetsTheBytesOfItsVersion(StompVersion receiver, String expected) {
        Frame sent = one(decoder(StompVersion.V1_2), "MESSAGE\na\\\\b:c\\cd\\\\e\\nf\\rg\n\n^@");

        assertThat(encoded(sent, receiver)).isEqualTo(expected.replace("\\\\", "\\"));
    }

    @ParameterizedTest
    @CsvSource({
        "V1_0, MESSAGE|x:y||^@",
        "V1_1, MESSAGE|a\\cb:1|x:y||^@",
        "V1_2, MESSAGE|a\\cb:1|x:y||^@",
    })
    @Tag("item-56")
    void aNameWithAColonIsLeftOutWhereItCanNotBeWritten(StompVersion receiver, String expected) {
        Frame frame = Frame.of(Command.MESSAGE, Headers.of("a:b", "1", "x", "y"));

        assertThat(encoded(frame, receiver)).isEqualTo(expected.replace('|', '\n'));
    }

    @ParameterizedTest
    @CsvSource({"V1_0, x y:a  b", "V1_1, x\\ny:a \\nb", "V1_2, x\\ny:a\\r\\nb"})
    @Tag("item-56")
    @Tag("case-44")
    void anEndOfLineWithoutAnEscapeBecomesABlank(StompVersion receiver, String line) {
        Frame frame = Frame.of(Command.MESSAGE, Headers.of("x\ny", "a\r\nb"));

        assertThat(encoded(frame, receiver)).isEqualTo("MESSAGE\n" + line + "\n\n^@");
    }

    @ParameterizedTest
    @EnumSource
    @Tag("item-56")
    void aNulInAHeaderBecomesABlank(StompVersion receiver) {
        Frame frame = Frame.of(Command.MESSAGE, Headers.of("x\0y", "a\0b", "é\0", "é\0é"));

        assertThat(encoded(frame, receiver)).isEqualTo("MESSAGE\nx y:a b\né :é é\n\n^@");
        assertThat(head(Command.MESSAGE, receiver, encoder -> encoder.header("x\0y", "é\0")))
                .isEqualTo("MESSAGE\nx y:é \n\n");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONNECT", "STOMP", "CONNECTED"})
    @Tag("item-54")
    void connectStompAndConnectedAreNeverEscaped(Command command) {
        Headers headers = Headers.of("passcode", "p\\cw:x\ny\rz", "a:b", "left out");
        for (StompVersion receiver : StompVersion.values()) {
            String expected = command + "\npasscode:p\\cw:x y z\n\n";

            assertThat(encoded(Frame.of(command, headers), receiver)).isEqualTo(expected + "^@");
            assertThat(head(
                            command,
                            receiver,
                            encoder ->
                                    encoder.header("passcode", "p\\cw:x\ny\rz").header("a:b", "left out")))
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RECEIPT, receipt-id",
        "ERROR, message",
        "ERROR, receipt-id",
        "MESSAGE, destination",
        "MESSAGE, subscription"
    })
    @Tag("item-57")
    void theBrokersOwnHeadersAreEscapedLikeAnyOther(Command command, String name) {
        String head = head(command, StompVersion.V1_2, encoder -> encoder.header(name, "a:b\\c\nd\re"));

        assertThat(head).isEqualTo(command + "\n" + name + ":a\\cb\\\\c\\nd\\re\n\n");
        assertThat(one(decoder(StompVersion.V1_2), head + "^@").headers()).isEqualTo(Headers.of(name, "a:b\\c\nd\re"));
    }

    @ParameterizedTest
    @EnumSource
    void headersOneByOneAreTheSameAsAllAtOnce(StompVersion version) {
        for (long seed = 0; seed < 1_000; seed++) {
            Headers headers = new RandomFrames(seed, StompVersion.V1_2).next().headers();
            String atOnce = head(Command.MESSAGE, version, encoder -> encoder.headers(headers));
            String singly = head(Command.MESSAGE, version, encoder -> {
                for (int i = 0; i < headers.size(); i++) {
                    encoder.header(headers.name(i), headers.value(i));
                }
            });

            assertThat(singly).as("seed %d, STOMP %s", seed, version).isEqualTo(atOnce);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0",
        "7",
        "9",
        "10",
        "99",
        "100",
        "101",
        "999",
        "1000",
        "2147483647",
        "2147483648",
        "1234567890123",
        "999999999999999999",
        "1000000000000000000",
        "9223372036854775807",
        "-1",
        "-9223372036854775808"
    })
    void numbersAreWrittenInDecimal(long number) {
        assertThat(head(Command.MESSAGE, StompVersion.V1_2, encoder -> encoder.header("n", number)))
                .isEqualTo("MESSAGE\nn:" + number + "\n\n");
    }

    @Test
    @Tag("item-56")
    void aNumberWhoseNameCanNotBeWrittenIsLeftOut() {
        assertThat(head(
                        Command.MESSAGE,
                        StompVersion.V1_0,
                        encoder -> encoder.header("a:b", 1).header("n", 2)))
                .isEqualTo("MESSAGE\nn:2\n\n");
    }

    @Test
    void anEncoderIsUsedAgainForTheNextFrame() {
        FrameEncoder encoder = new FrameEncoder();
        encoder.begin(Command.ERROR, StompVersion.V1_0)
                .header("message", "x:y".repeat(1_000))
                .endHead();
        encoder.begin(Command.RECEIPT, StompVersion.V1_2)
                .header("receipt-id", "x:y")
                .endHead();

        assertThat(written(encoder)).isEqualTo("RECEIPT\nreceipt-id:x\\cy\n\n");
    }

    @Test
    void aHeadMayHaveAnySize() {
        for (int size = 1; size < 1_200; size++) {
            String colons = ":".repeat(size);
            String letters = "x".repeat(size);

            assertThat(head(
                            Command.MESSAGE,
                            StompVersion.V1_2,
                            encoder -> encoder.header(colons, colons).header(letters, letters)))
                    .isEqualTo("MESSAGE\n" + colons.replace(":", "\\c") + ":" + colons.replace(":", "\\c") + "\n"
                            + letters + ":" + letters + "\n\n");
        }
    }

    @Test
    void headsGrowAsLargeAsTheyMust() {
        String name = "n:".repeat(3_000);
        String value = "\n値".repeat(5_000);
        Headers headers = Headers.of(name, value, "plain", "x".repeat(9_000));

        Frame frame = one(
                decoder(StompVersion.V1_2, new FrameLimits(1 << 20, 32, 1 << 20, 64)),
                FrameEncoder.encode(Frame.of(Command.SEND, headers), StompVersion.V1_2));

        assertThat(frame.headers()).isEqualTo(headers);
    }

    @Test
    @Tag("item-47")
    void repeatedHeadersAreAllWrittenInOrder() {
        assertThat(encoded(Frame.of(Command.MESSAGE, Headers.of("a", "1", "b", "2", "a", "3")), StompVersion.V1_2))
                .isEqualTo("MESSAGE\na:1\nb:2\na:3\n\n^@");
    }

    @Test
    void aFrameEqualsAnotherWithTheSameOctets() {
        Frame frame = new Frame(Command.SEND, Headers.of("a", "b"), bytes("x"));

        assertThat(frame).isEqualTo(new Frame(Command.SEND, Headers.of("a", "b"), bytes("x")));
        assertThat(frame).hasSameHashCodeAs(new Frame(Command.SEND, Headers.of("a", "b"), bytes("x")));
        assertThat(frame).isNotEqualTo(new Frame(Command.SEND, Headers.of("a", "b"), bytes("y")));
        assertThat(frame).isNotEqualTo(new Frame(Command.SEND, Headers.of("a", "c"), bytes("x")));
        assertThat(frame).isNotEqualTo(new Frame(Command.MESSAGE, Headers.of("a", "b"), bytes("x")));
        assertThat(frame.hashCode()).isNotEqualTo(new Frame(Command.SEND, Headers.of("a", "b"), bytes("y")).hashCode());
        assertThat(frame).hasToString("SEND {a=b} + 1 B");
        assertThat(Frame.of(Command.ACK, Headers.of("id", "1"))).hasToString("ACK {id=1}");
    }

    @Test
    void aHeaderThatMustBeThereIsNamedWhenItIsNot() {
        Frame frame = Frame.of(Command.ACK, Headers.of("id", "1"));

        assertThat(frame.required("id")).isEqualTo("1");
        assertThatThrownBy(() -> frame.required("transaction"))
                .isInstanceOfSatisfying(ProtocolException.class, fault -> {
                    assertThat(fault.summary()).isEqualTo("missing transaction");
                    assertThat(fault.detail()).isEqualTo("an ACK frame needs the header transaction");
                });
    }

    private static String encoded(Frame frame, StompVersion receiver) {
        return text(FrameEncoder.encode(frame, receiver));
    }

    private static String head(
            Command command, StompVersion receiver, java.util.function.Consumer<FrameEncoder> headers) {
        FrameEncoder encoder = new FrameEncoder().begin(command, receiver);
        headers.accept(encoder);
        encoder.endHead();
        return written(encoder);
    }

    private static String written(FrameEncoder encoder) {
        return text(Arrays.copyOf(encoder.array(), encoder.length()));
    }

    @Test
    @Tag("item-56")
    void headersOfAllKindsFollowEachOther() {
        FrameEncoder encoder = new FrameEncoder();
        encoder.begin(Command.MESSAGE, StompVersion.V1_0)
                .header("left:out", "a")
                .header("a", "b")
                .header("left:out", 1)
                .header("n", 2)
                .headers(Headers.of("plain", "c"))
                .headers(Headers.of("d", "e:f"))
                .header(bytes("text:"), "g\nh")
                .header(bytes("number:"), -3)
                .header(bytes("message-id:x-"), 40, 5)
                .header("last", "i")
                .endHead();

        assertThat(written(encoder))
                .isEqualTo("MESSAGE\na:b\nn:2\nplain:c\nd:e:f\ntext:g h\nnumber:-3\nmessage-id:x-40-5\nlast:i\n\n");
    }

    @Test
    void aHeadOfPlainTextAndNumbersMayHaveAnySize() {
        for (int size = 1; size < 1_200; size++) {
            String letters = "x".repeat(size);
            byte[] begin = bytes(letters + ":");

            assertThat(head(Command.MESSAGE, StompVersion.V1_2, encoder -> encoder.headers(Headers.of(letters, "y"))))
                    .isEqualTo("MESSAGE\n" + letters + ":y\n\n");
            assertThat(head(Command.MESSAGE, StompVersion.V1_2, encoder -> encoder.header(begin, Long.MAX_VALUE)))
                    .isEqualTo("MESSAGE\n" + letters + ":9223372036854775807\n\n");
        }
    }
}
