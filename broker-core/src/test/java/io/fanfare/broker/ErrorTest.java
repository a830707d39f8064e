package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Framing;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorTest extends BrokerTest {

    @Test
    @DisplayName("item 116: nothing is looked at after an ERROR, and nothing else is sent")
    void nothingIsLookedAtAfterAnError() {
        var alice = connect();
        alice.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@");
        alice.sends("NONSENSE\n\n^@SEND\ndestination:/queue/a\nreceipt:r\n\n1^@CONNECT\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "unknown command", "'NONSENSE'");
        alice.sends("SEND\ndestination:/queue/a\n\n2^@");
        connect().sends("SEND\ndestination:/topic/a\n\nhi^@");
        alice.gotNothing();
        assertThat(broker.queueCount()).isZero();
    }

    @Test
    @DisplayName("item 116: what came before in the same read is done, and told before the ERROR")
    void whatCameBeforeIsDone() {
        var alice = connect();
        alice.sends("SEND\ndestination:/queue/a\nreceipt:r\n\n1^@ACK\nid:x\n\n^@");
        alice.got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "nothing to acknowledge");
        assertThat(broker.queueCount()).isEqualTo(1);
    }

    @Test
    @DisplayName("item 116: the ERROR is written before the connection ends, however slowly the peer reads")
    void theErrorIsWrittenBeforeTheEnd() {
        var alice = connect();
        alice.connection().room(10);
        alice.sends("NONSENSE\n\n^@");
        assertThat(alice.connection().closeCode()).isEqualTo(CloseCode.PROTOCOL_ERROR);
        assertThat(alice.connection().isLost())
                .as("over before the ERROR is out")
                .isFalse();
        alice.hasRoom(20);
        assertThat(alice.connection().isLost()).isFalse();
        alice.reads();
        alice.gotError(CloseCode.PROTOCOL_ERROR, "unknown command");
    }

    @ParameterizedTest
    @DisplayName("item 116: an ERROR is one WebSocket text message")
    @EnumSource(
            value = Framing.class,
            names = {"EVENTS", "EMBEDDED"},
            mode = EnumSource.Mode.EXCLUDE)
    void anErrorIsOneMessage(Framing framing) {
        var alice = connect("1.2", framing, loop);
        alice.sends("NONSENSE\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "unknown command");
    }

    @Test
    @DisplayName("item 117: an ERROR has message, content-type, content-length and the receipt")
    void anErrorHasItsHeaders() {
        var alice = connect();
        alice.sends("SEND\nreceipt:a:b\\n\n\nhi^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "missing destination");
        assertThat(error.headers())
                .containsExactlyInAnyOrder(
                        "message:missing destination",
                        "receipt-id:a\\cb\\n",
                        "content-type:text/plain;charset=utf-8",
                        "content-length:" + error.body().length);
        assertThat(error.body()).isNotEmpty();
    }

    @Test
    @DisplayName("item 117: an ERROR about a malformed frame has its receipt as far as it was read")
    void aMalformedFramesReceiptIsTold() {
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\nreceipt:r\nno colon\n\nhi^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "malformed header");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @Test
    @DisplayName("item 117: without a receipt there is none to tell")
    void withoutAReceiptThereIsNone() {
        var alice = connect();
        alice.sends("SEND\n\nhi^@");
        assertThat(alice.gotError(CloseCode.PROTOCOL_ERROR, "missing destination")
                        .find("receipt-id"))
                .isNull();
    }

    @Test
    @DisplayName("item 116: what the transport refuses is told in an ERROR, too")
    void whatTheTransportRefusesIsToldToo() {
        var alice = connect();
        alice.loop()
                .run(() -> alice.session().refuse(new ProtocolException("not this", "for a reason", CloseCode.POLICY)));
        settle();
        alice.gotError(CloseCode.POLICY, "not this", "for a reason");
    }

    @Test
    @DisplayName("item 118: what a client sent is quoted, cut and made harmless")
    void whatAClientSentIsMadeHarmless() {
        var alice = connect();
        alice.sends("SEND\ndestination:/topic/a\ntransaction:" + "t\\n\\r\u202e".repeat(100) + "\n\n^@");
        var error = alice.gotError(CloseCode.PROTOCOL_ERROR, "no such transaction", "\\u000a", "\\u202e");
        assertThat(error.text())
                .doesNotContain("\n", "\r", "\u202e", "Exception", "io.fanfare")
                .hasSizeLessThan(500);
    }

    @Test
    @DisplayName("item 119: an ERROR is always the end")
    void anErrorIsAlwaysTheEnd() {
        var alice = connect();
        alice.sends("UNSUBSCRIBE\nid:0\n\n^@");
        alice.gotError(CloseCode.PROTOCOL_ERROR, "no such subscription");
        assertThat(broker.sessionCount()).isZero();
    }
}
