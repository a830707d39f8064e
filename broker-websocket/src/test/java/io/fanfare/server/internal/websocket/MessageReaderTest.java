package io.fanfare.server.internal.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
        return new MessageReader(heard, decoded::clear, MAX_FRAME);
    }

    // ---- the end of reading ---------------------------------------------------------------------------------------

    /** The call in which the listener has had enough. */
    private enum Moment {
        PAYLOAD(WsFrame.text("first")),
        CHARGE(WsFrame.text("")),
        MESSAGE_BEGINS(WsFrame.text("first")),
        PASS_TO_TYRUS(WsFrame.of(WsFrame.PING, new byte[] {1})),
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
        assertThat(heard.reader.isInsideMessage()).isFalse();
    }

    @Test
    void nothingIsReadBehindAClose() {
        Heard heard = new Heard(MAX_FRAME);
        WsFrame close = WsFrame.close(1000);
        reader(heard)
                .read(ByteBuffer.wrap(join(
                        close, WsFrame.text("behind"), WsFrame.of(WsFrame.PING, new byte[1]), WsFrame.close(1000))));

        assertThat(heard.messages).hasToString("c");
        assertThat(heard.payload.size()).isZero();
        assertThat(heard.forTyrus.toByteArray()).isEqualTo(close.bytes());
    }
}
