package io.fanfare.server.internal.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where reading ends, and what a message in fragments may cost. */
class MessageReaderTest {

    private static final int MAX_FRAME = 4 << 20;

    private static byte[] join(WsFrame... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (WsFrame frame : frames) {
            all.writeBytes(frame.bytes());
        }
        return all.toByteArray();
    }

    private static MessageReader reader(Heard heard) {
        ByteBuffer decoded = ByteBuffer.allocate(256 << 10);
        return new MessageReader(heard, decoded::clear, MAX_FRAME, null);
    }

    // ---- the end of reading ---------------------------------------------------------------------------------------

    /** The call in which the listener has had enough. */
    private enum Moment {
        PAYLOAD(WsFrame.text("first")),
        CHARGE(WsFrame.text("")),
        MESSAGE_BEGINS(WsFrame.text("first")),
        PINGED(WsFrame.of(WsFrame.PING, new byte[] {1})),
        PASS_TO_TYRUS(WsFrame.text("first").notLast()),
        CLOSE_RECEIVED(WsFrame.close(1000));

        final WsFrame cause;

        Moment(WsFrame cause) {
            this.cause = cause;
        }
    }

    /** Throws away all input from one moment on. */
    private static final class Impatient extends Heard {

        private final Moment moment;
        private MessageReader reader;
        private int calls;

        Impatient(Moment moment) {
            super(MAX_FRAME);
            this.moment = moment;
        }

        private void at(Moment now) {
            if (now == moment && calls++ == 0) {
                reader.discardInput();
            }
        }

        @Override
        public void messageBegins(boolean text) {
            super.messageBegins(text);
            at(Moment.MESSAGE_BEGINS);
        }

        @Override
        public void payload(ByteBuffer bytes) {
            super.payload(bytes);
            at(Moment.PAYLOAD);
        }

        @Override
        public void pinged(ByteBuffer payload) {
            super.pinged(payload);
            at(Moment.PINGED);
        }

        @Override
        public void passToTyrus(ByteBuffer bytes) {
            super.passToTyrus(bytes);
            at(Moment.PASS_TO_TYRUS);
        }

        @Override
        public void closeReceived() {
            super.closeReceived();
            at(Moment.CLOSE_RECEIVED);
        }

        @Override
        public void chargeUnproductive() {
            super.chargeUnproductive();
            at(Moment.CHARGE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void inputIsThrownAwayFromTheCallOnInWhichTheListenerSaysSo(Moment moment) {
        Impatient heard = new Impatient(moment);
        heard.reader = reader(heard);
        heard.reader.read(
                ByteBuffer.wrap(join(moment.cause, WsFrame.text("second"), WsFrame.of(WsFrame.PING, new byte[] {2}))));

        assertThat(Transcript.text(heard.payload.toByteArray())).doesNotContain("second");
        assertThat(heard.messages.toString()).hasSizeLessThanOrEqualTo(1);
        assertThat(heard.forTyrus.size()).isLessThanOrEqualTo(moment.cause.bytes().length);
        assertThat(heard.pings.size()).isLessThanOrEqualTo(2);
        assertThat(heard.reader.isInsideMessage()).isFalse();
    }

    @Test
    void nothingIsReadBehindAClose() {
        Heard heard = new Heard(MAX_FRAME);
        reader(heard)
                .read(ByteBuffer.wrap(join(
                        WsFrame.close(1000),
                        WsFrame.text("behind"),
                        WsFrame.of(WsFrame.PING, new byte[1]),
                        WsFrame.close(1000))));

        assertThat(heard.messages).hasToString("c");
        assertThat(heard.payload.size()).isZero();
        assertThat(heard.close).isEqualTo(new byte[] {3, (byte) 0xE8});
        assertThat(heard.forTyrus.size()).isZero();
        assertThat(heard.pings.size()).isZero();
    }

    // ---- Ping and Pong --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000})
    void pingsAreToldWholeAndPongsNotAtAllHoweverTheyAreCut(int pieceLength) {
        Heard heard = new Heard(MAX_FRAME);
        MessageReader reader = reader(heard);
        byte[] bytes = join(
                WsFrame.text("fo").notLast(),
                WsFrame.of(WsFrame.PING, new byte[0]),
                WsFrame.of(WsFrame.PONG, "unasked".getBytes(UTF_8)),
                WsFrame.of(WsFrame.PING, "are you there".getBytes(UTF_8)),
                WsFrame.of(WsFrame.PONG, new byte[0]),
                WsFrame.of(WsFrame.CONTINUATION, "ur".getBytes(UTF_8)));
        for (int from = 0; from < bytes.length; from += pieceLength) {
            reader.read(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + pieceLength))));
        }

        assertThat(heard.pings).hasToString("\0\rare you there");
        assertThat(heard.forTyrus.size()).as("fragments, with their headers").isEqualTo(2 + 2 + 12);
        assertThat(reader.isInsideMessage()).isFalse();
    }

    // ---- fragments ------------------------------------------------------------------------------------------------

    /** Reads a message that does not end: the first fragment, and further ones of so many bytes. */
    private static Heard fragments(int count, int bytes) {
        Heard heard = new Heard(MAX_FRAME);
        MessageReader reader = reader(heard);
        reader.read(ByteBuffer.wrap(
                WsFrame.of(WsFrame.BINARY, new byte[bytes]).notLast().bytes()));
        byte[] more =
                WsFrame.of(WsFrame.CONTINUATION, new byte[bytes]).notLast().bytes();
        for (int i = 1; i < count; i++) {
            reader.read(ByteBuffer.wrap(more));
        }
        return heard;
    }

    @ParameterizedTest(name = "{0} fragments of {1} B")
    @CsvSource({"1024, 0", "1040, 1", "2046, 32", "65404, 63", "100000, 64", "100000, 1000"})
    void fragmentsMayBeAsManyAsTheirBytesPayFor(int count, int bytes) {
        assertThat(fragments(count, bytes).fault).isNull();
    }

    @ParameterizedTest(name = "{0} fragments of {1} B")
    @CsvSource({"1025, 0", "1041, 1", "2049, 32", "65537, 63"})
    void oneFragmentMoreIsTooMany(int count, int bytes) {
        assertThat(fragments(count, bytes).fault).isEqualTo("too many fragments");
    }

    @Test
    void nextMessageBeginsAnew() {
        Heard heard = new Heard(MAX_FRAME);
        MessageReader reader = reader(heard);
        WsFrame[] message = new WsFrame[1024];
        Arrays.fill(message, WsFrame.of(WsFrame.CONTINUATION, new byte[0]).notLast());
        message[0] = WsFrame.binary("").notLast();
        message[1023] = WsFrame.of(WsFrame.CONTINUATION, new byte[0]);
        for (int i = 0; i < 3; i++) {
            reader.read(ByteBuffer.wrap(join(message)));
        }

        assertThat(heard.fault).isNull();
        assertThat(heard.unproductive).isEqualTo(3 * 1024);
    }

    @Test
    void fragmentsThatPayForThemselvesAreNotChargedToTheRate() {
        assertThat(fragments(1000, 64).unproductive).isZero();
        assertThat(fragments(1000, 63).unproductive).isEqualTo(1000);
    }

    @Test
    void controlFramesAreAlwaysCharged() {
        Heard heard = new Heard(MAX_FRAME);
        reader(heard)
                .read(ByteBuffer.wrap(join(
                        WsFrame.of(WsFrame.PING, new byte[125]),
                        WsFrame.of(WsFrame.PONG, new byte[64]),
                        WsFrame.text("\n"))));

        assertThat(heard.unproductive).isEqualTo(2);
    }
}
