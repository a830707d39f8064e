package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.session.SessionServices;
import io.fanfare.testing.LogLines;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SoftErrorsTest extends BrokerTest {

    private Client softly() {
        var bob = open();
        bob.sends("CONNECT\naccept-version:1.2\nhost:h\nsoft-errors:true\n\n^@");
        bob.got("CONNECTED\nversion:1.2\nsoft-errors:true\n\n^@");
        return bob;
    }

    @ParameterizedTest
    @CsvSource({
        "'SEND\ndestination:/elsewhere', SEND, invalid-destination",
        "'SEND\nx:y', SEND, missing-destination",
        "'SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:(', SUBSCRIBE, invalid-selector",
        "'UNSUBSCRIBE\nid:7', UNSUBSCRIBE, no-such-subscription",
        "'ACK\nid:7', ACK, nothing-to-acknowledge",
        "'NACK\nid:7', NACK, nothing-to-acknowledge",
        "'COMMIT\ntransaction:t', COMMIT, no-such-transaction",
        "'ABORT\ntransaction:t', ABORT, no-such-transaction",
        "'BEGIN\nx:y', BEGIN, missing-transaction",
    })
    @DisplayName("item 119: with soft-errors agreed, a refused frame is told of and the connection goes on")
    void aRefusalIsAMessage(String frame, String command, String code) {
        var bob = softly();
        bob.sends(frame + "\nreceipt:r\n\n^@");
        bob.got("MESSAGE\nsubscription:$error\ndestination:/broker/errors\nerror-code:" + code + "\nerror-command:"
                + command + "\nmessage:" + code.replace('-', ' ')
                + "\nreceipt-id:r\ncontent-type:text/plain;charset=utf-8\n\n*^@");
        bob.gotNothing();
        bob.sends("SUBSCRIBE\nid:0\ndestination:/topic/a\n\n^@SEND\ndestination:/topic/a\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "send\n\n^@",
                "CONNECT\naccept-version:1.2\nhost:h\n\n^@",
                "SEND\nno colon\n\n^@",
                "MESSAGE\n\n^@"
            })
    @DisplayName("item 119: what breaks the protocol itself is an ERROR all the same")
    void whatBreaksTheProtocolIsAnError(String frame) {
        var bob = softly();
        bob.sends(frame);
        assertThat(bob.next("expected ERROR").command()).isEqualTo("ERROR");
        bob.wasClosed(CloseCode.PROTOCOL_ERROR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soft-errors:false", "x:y"})
    @DisplayName("item 119: without that, a refused frame is an ERROR and the end")
    void withoutItARefusalIsAnError(String header) {
        var bob = Clients.connectWith(this, header);
        bob.sends("SEND\ndestination:/elsewhere\n\nhi^@");
        bob.gotError(CloseCode.PROTOCOL_ERROR, "invalid destination");
    }

    @Test
    @DisplayName("case 46: soft errors are counted, and all together are one escaped line a second in the log")
    void softErrorsAreCountedAndLoggedOnceASecond() {
        try (LogLines lines = new LogLines(SessionServices.SoftErrors.class.getName())) {
            var bob = softly();
            var carol = softly();
            bob.sends("ACK\nid:\u001b\u2028INFO fake\n\n^@ACK\nid:2\n\n^@");
            carol.sends("SEND\ndestination:/elsewhere\n\n^@");
            assertThat(lines.all())
                    .singleElement()
                    .asString()
                    .startsWith("refused softly peer=c1 command=ACK reason=nothing to acknowledge detail=")
                    .contains("\\u001b\\u2028INFO fake")
                    .endsWith(" since-last-line=1");
            pass(Duration.ofSeconds(1));
            carol.sends("ACK\nid:3\n\n^@");
            assertThat(lines.all().get(1))
                    .startsWith("refused softly peer=c2 command=ACK ")
                    .endsWith(" since-last-line=3");
            assertThat(broker.softErrorCount()).isEqualTo(4);
        }
    }

    @Test
    void eachRefusalHasAnIdOfItsOwn() {
        var bob = softly();
        bob.sends("ACK\nid:1\n\n^@ACK\nid:2\n\n^@");
        assertThat(bob.takeAll()).extracting(each -> each.header("message-id")).doesNotHaveDuplicates();
    }
}
