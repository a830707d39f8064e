package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RECEIPT and ERROR. */
class AnswersIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    @OverBoth
    @DisplayName("items 114, 115, case 64: each frame that asks for it has one RECEIPT, word for word, in order")
    void eachFrameHasItsReceipt(Transport transport) {
        SERVER.connect(transport).publishes("/queue/a", "1").publishes("/queue/a", "2");
        StompSocket bob = SERVER.connect(transport)
                .sends("SUBSCRIBE\nid:0\ndestination:/queue/a\nack:client-individual\nreceipt: é\\c1 \n\n^@")
                .got("RECEIPT\nreceipt-id: é\\c1 \n\n^@");
        String first = "\nid:" + bob.gotMessage("1").header("ack");
        String second = "\nid:" + bob.gotMessage("2").header("ack");
        bob.sends("SEND\ndestination:/topic/x\nreceipt:send\n\n^@BEGIN\ntransaction:t\nreceipt:begin\n\n^@"
                + "COMMIT\ntransaction:t\nreceipt:commit\n\n^@BEGIN\ntransaction:t\n\n^@"
                + "ABORT\ntransaction:t\nreceipt:abort\n\n^@ACK" + first + "\nreceipt:ack\n\n^@"
                + "UNSUBSCRIBE\nid:0\nreceipt:unsubscribe\n\n^@"
                + "NACK" + second + "\nrequeue:false\nreceipt:nack\n\n^@DISCONNECT\nreceipt:disconnect\n\n^@");
        for (String each : "send begin commit abort ack unsubscribe nack disconnect".split(" ")) {
            Received receipt = bob.next();
            assertThat(receipt.command()).isEqualTo("RECEIPT");
            assertThat(receipt.header("receipt-id")).isEqualTo(each);
            assertThat(receipt.text()).isEmpty();
        }
        bob.gotEnd(1000);
        SERVER.connect(transport).subscribes("id:0\ndestination:/queue/DLQ.a").gotMessage("2");
    }

    @OverBoth
    @DisplayName("item 115, case 64: a RECEIPT tells that all before it has been done")
    void aReceiptTellsThatAllBeforeItHasBeenDone(Transport transport) {
        StompSocket alice = SERVER.connect(transport)
                .sends("SEND\ndestination:/queue/a\n\nhi^@".repeat(500) + "BEGIN\ntransaction:t\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        alice.subscribes("id:0\ndestination:/queue/a");
        for (int i = 0; i < 500; i++) {
            alice.gotMessage("hi");
        }
    }

    @OverBoth
    @DisplayName("item 116: after an ERROR comes the end, and what was sent behind the cause is not done")
    void afterAnErrorComesTheEnd(Transport transport) {
        SERVER.connect(transport)
                .sends("SEND\ndestination:/queue/before\nttl:60000\n\nhi^@ABORT\ntransaction:none\n\n^@"
                        + "SEND\ndestination:/queue/behind\n\nhi^@")
                .gotError(1002, "no such transaction");
        assertThat(SERVER.broker().queueCount()).isEqualTo(1);
        SERVER.connect(transport).subscribes("id:0\ndestination:/queue/before").gotMessage("hi");
    }

    @OverBoth
    @DisplayName("item 117: ERROR has message, content-type, content-length and the receipt-id")
    void errorSaysWhatWasWrong(Transport transport) {
        Received error = SERVER.connect(transport)
                .sends("ABORT\ntransaction:none\nreceipt:a\\cb\n\n^@")
                .gotError(1002, "no such transaction", "'none'");
        assertThat(error.header("receipt-id")).isEqualTo("a\\cb");
        assertThat(error.header("content-type")).isEqualTo("text/plain;charset=utf-8");
        assertThat(error.header("content-length")).isEqualTo(Integer.toString(error.body().length));
    }

    @OverBoth
    @DisplayName("item 118: ERROR tells nothing of the inside")
    void errorTellsNothingOfTheInside(Transport transport) {
        for (String frame : new String[] {
            "CONNECT\naccept-version:9\nlogin:bob\npasscode:s3cret\n\n^@",
            "CONNECT\naccept-version:1.2\npasscode:s3cret\nheart-beat:x\n\n^@",
            "NONSENSE\npasscode:s3cret\n\n^@"
        }) {
            Received error = SERVER.open(transport).sends(frame).next();
            assertThat(error.command()).isEqualTo("ERROR");
            assertThat(error.toString()).doesNotContain("s3cret", "Exception", "io.fanfare", "java.", "\tat ");
        }
    }

    @OverBoth
    @DisplayName(
            "item 119: with soft-errors agreed a refusal is a MESSAGE and the connection goes on; else an ERROR ends it")
    void noErrorWithoutAnEnd(Transport transport) {
        StompSocket bob = SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.2\nhost:h\nsoft-errors:true\n\n^@")
                .got("CONNECTED\nversion:1.2\nsoft-errors:true\n\n^@");
        bob.sends("SEND\ndestination:/nowhere\nreceipt:r\n\nhi^@");
        bob.got(
                "MESSAGE\nsubscription:$error\ndestination:/broker/errors\nerror-code:invalid-destination\n"
                        + "error-command:SEND\nmessage:invalid destination\nreceipt-id:r\ncontent-type:text/plain;charset=utf-8\n\n*^@");
        bob.gotNothing();
        SERVER.connect(transport).sends("SEND\ndestination:/nowhere\n\nhi^@").gotError(1002, "invalid destination");
    }
}
