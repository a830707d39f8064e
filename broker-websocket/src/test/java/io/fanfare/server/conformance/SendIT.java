package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

class SendIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    @OverBoth
    @DisplayName("item 79, case 48: SEND needs a destination")
    void sendNeedsADestination(Transport transport) {
        Received error = SERVER.connect(transport)
                .sends("SEND\nreceipt:r\n\nhi^@")
                .gotError(1002, "missing destination", "SEND");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }

    @OverBoth
    @DisplayName("item 80: a sender's headers arrive as they were sent")
    void headersArriveAsTheyWereSent(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        SERVER.connect(transport)
                .sends(
                        "SEND\ndestination:/topic/a\nempty:\nx y: z \nemoji:😀\nX-Ünïcode:é\na\\cb:1\\n2\\r3\\\\4\n\nhi^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\nempty:\nx y: z \nemoji:😀\nX-Ünïcode:é\n"
                + "a\\cb:1\\n2\\r3\\\\4\n\nhi^@");
    }

    @OverBoth
    @DisplayName("item 81, case 45: what the broker says of a message, no sender says")
    void brokersHeadersCantBeForged(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        SERVER.connect(transport)
                .sends("SEND\ndestination:/topic/a\nmessage-id:1\nsubscription:9\nack:1\nredelivered:true\n"
                        + "delivery-count:5\ntimestamp:1\nseq:7\nepoch:7\ndropped:7\nbrowser:end\n\nhi^@");
        Received message = bob.gotMessage("hi");
        assertThat(message.headers()).doesNotContain("message-id:1", "subscription:9", "timestamp:1");
        for (String name :
                new String[] {"ack", "redelivered", "delivery-count", "seq", "epoch", "dropped", "browser"}) {
            assertThat(message.has(name)).as(name).isFalse();
        }
    }

    @OverBoth
    @DisplayName("item 82: a body arrives octet for octet, and its length is counted anew")
    void bodiesArriveOctetForOctet(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        SERVER.connect(transport)
                .sends("SEND\ndestination:/topic/a\ncontent-type:text/x;charset=utf-8\ncontent-length:5\n\na^@\n^@b^@"
                        + "SEND\ndestination:/topic/a\n\né€😀^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\ncontent-type:text/x;charset=utf-8\ncontent-length:5\n\n"
                + "a^@\n^@b^@");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/a\ncontent-length:9\n\né€😀^@");
    }

    @OverBoth
    @DisplayName("item 83, cases 48, 50: a SEND that can't be done is an ERROR with its receipt, and the end")
    void whatCantBeDoneIsAnError(Transport transport) {
        for (String destination : new String[] {"/nowhere/a", "a", "/topic/", "/topic/*", "/queue/a..b"}) {
            Received error = SERVER.connect(transport)
                    .sends("SEND\ndestination:" + destination + "\nreceipt:r\n\nhi^@")
                    .gotError(1002, "invalid destination", destination);
            assertThat(error.header("receipt-id")).isEqualTo("r");
        }
    }

    @OverBoth
    @DisplayName("item 84: with the RECEIPT a message is in its queue")
    void withTheReceiptAMessageIsInItsQueue(Transport transport) {
        SERVER.connect(transport).publishes("/queue/a", "hi").vanishes();
        SERVER.connect(transport).subscribes("id:0\ndestination:/queue/a").gotMessage("hi");
    }

    @OverBoth
    @DisplayName("item 84: the RECEIPT tells what became of the message")
    void theReceiptTellsWhatBecameOfIt(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        SERVER.connect(transport)
                .sends("SEND\ndestination:/topic/a,/topic/b,/queue/c\nreceipt:r\n\nhi^@")
                .got("RECEIPT\nreceipt-id:r\nmatched:2\ndelivered:1\nqueued:1\ndropped:1\n\n^@");
        bob.gotMessage("hi");
        bob.subscribes("id:1\ndestination:/queue/c").gotMessage("hi");
    }

    @OverBoth
    @DisplayName("item 85: a transaction that is not open is an ERROR")
    void aTransactionThatIsNotOpenIsAnError(Transport transport) {
        Received error = SERVER.connect(transport)
                .sends("SEND\ndestination:/topic/a\ntransaction:t\nreceipt:r\n\nhi^@")
                .gotError(1002, "no such transaction", "'t'");
        assertThat(error.header("receipt-id")).isEqualTo("r");
    }
}
