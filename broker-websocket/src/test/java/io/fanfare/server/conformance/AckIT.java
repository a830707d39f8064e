package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

class AckIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    /** A subscriber of a queue that has got the messages 1, 2 and 3. */
    private static StompSocket subscriber(Transport transport, String version, String ack, Received[] messages) {
        StompSocket alice = SERVER.connect(transport);
        for (int i = 1; i <= messages.length; i++) {
            alice.publishes("/queue/a", Integer.toString(i));
        }
        StompSocket bob = SERVER.connect(transport, version).subscribes("id:0\ndestination:/queue/a\nack:" + ack);
        for (int i = 0; i < messages.length; i++) {
            messages[i] = bob.gotMessage(Integer.toString(i + 1));
        }
        return bob;
    }

    /** What is in the queue still; it is empty afterwards. */
    private static void isLeft(Transport transport, String... bodies) {
        StompSocket carol = SERVER.connect(transport).subscribes("id:0\ndestination:/queue/a");
        for (String body : bodies) {
            Received message = carol.gotMessage(body);
            assertThat(message.header("redelivered")).isEqualTo("true");
            assertThat(message.header("delivery-count")).isEqualTo("2");
        }
        carol.gotNothing();
    }

    private static String ack(Received message) {
        return "ACK\nid:" + message.header("ack") + "\nreceipt:r\n\n^@";
    }

    @OverBoth
    @DisplayName("item 101, case 55: 1.2 acknowledges by the MESSAGE's ack, once")
    void inStomp12TheAckHeaderNamesIt(Transport transport) {
        Received[] messages = new Received[2];
        StompSocket bob = subscriber(transport, "1.2", "client-individual", messages);
        bob.sends(ack(messages[0])).got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends(ack(messages[0])).gotError(1002, "nothing to acknowledge", messages[0].header("ack"));
        isLeft(transport, "2");
        SERVER.connect(transport).sends("ACK\nid:nonsense\n\n^@").gotError(1002, "nothing to acknowledge");
        SERVER.connect(transport).sends("ACK\nmessage-id:1\n\n^@").gotError(1002, "missing id");
    }

    @OverBoth
    @DisplayName("item 102: 1.1 needs message-id and subscription, 1.0 message-id alone, also in a NACK")
    void olderVersionsHaveTheirOwnWays(Transport transport) {
        Received[] messages = new Received[1];
        StompSocket bob = subscriber(transport, "1.1", "client", messages);
        String id = "message-id:" + messages[0].header("message-id");
        bob.sends("ACK\nsubscription:0\n" + id + "\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends("ACK\n" + id + "\n\n^@").gotError(1002, "missing subscription");

        StompSocket old = subscriber(transport, "1.0", "client", messages);
        id = "message-id:" + messages[0].header("message-id");
        old.sends("ACK\n" + id + "\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        old.sends("NACK\n" + id + "\n\n^@").gotError(1002, "nothing to acknowledge");
        isLeft(transport);
    }

    @OverBoth
    @DisplayName("item 103, case 58: client covers earlier messages of its subscription, and of no other")
    void clientCoversEarlierOnesOfItsSubscription(Transport transport) {
        Received[] messages = new Received[3];
        StompSocket bob = subscriber(transport, "1.2", "client", messages);
        bob.subscribes("id:other\ndestination:/queue/b\nack:client");
        SERVER.connect(transport).publishes("/queue/b", "other");
        Received other = bob.gotMessage("other");
        bob.sends(ack(messages[1])).got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends(ack(other)).got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.sends(ack(messages[0])).gotError(1002, "nothing to acknowledge");
        isLeft(transport, "3");
    }

    @OverBoth
    @DisplayName("item 104: client-individual covers one message")
    void clientIndividualCoversOne(Transport transport) {
        Received[] messages = new Received[3];
        StompSocket bob = subscriber(transport, "1.2", "client-individual", messages);
        bob.sends(ack(messages[1])).got("RECEIPT\nreceipt-id:r\n\n^@").vanishes();
        isLeft(transport, "1", "3");
    }

    @OverBoth
    @DisplayName("item 105: NACK in client mode gives back all earlier ones, too")
    void nackCoversEarlierOnesToo(Transport transport) {
        Received[] messages = new Received[3];
        StompSocket bob = subscriber(transport, "1.2", "client", messages);
        bob.sends("NACK\nid:" + messages[1].header("ack") + "\n\n^@");
        assertThat(bob.gotMessage("1").header("delivery-count")).isEqualTo("2");
        Received second = bob.gotMessage("2");
        assertThat(second.header("redelivered")).isEqualTo("true");
        bob.gotNothing().sends(ack(second)).got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @OverBoth
    @DisplayName("item 106: NACK gives back; with requeue:false it makes a dead letter")
    void nackGivesBackOrBuries(Transport transport) {
        Received[] messages = new Received[1];
        StompSocket bob = subscriber(transport, "1.2", "client", messages);
        bob.sends("NACK\nid:" + messages[0].header("ack") + "\n\n^@");
        Received again = bob.gotMessage("1");
        bob.sends("NACK\nid:" + again.header("ack") + "\nrequeue:false\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.subscribes("id:dead\ndestination:/queue/DLQ.a")
                .got("MESSAGE\nsubscription:dead\ndestination:/queue/DLQ.a\nx-death-reason:rejected\n"
                        + "x-original-destination:/queue/a\nx-delivery-count:2\n\n1^@");
    }

    @OverBoth
    @DisplayName("item 107, case 55: ACK on a subscription that need not is an ERROR, and nothing worse")
    void ackOnAnAutoSubscriptionIsAnError(Transport transport) {
        StompSocket bob = SERVER.connect(transport, "1.1").subscribes("id:0\ndestination:/queue/a");
        SERVER.connect(transport).publishes("/queue/a", "hi");
        String id = bob.gotMessage("hi").header("message-id");
        bob.sends("ACK\nsubscription:0\nmessage-id:" + id + "\n\n^@").gotError(1002, "nothing to acknowledge");
    }

    @OverBoth
    @DisplayName(
            "item 108, cases 25, 60: what a lost connection had not settled goes to another, before newer messages")
    void whatWasNotSettledGoesToAnotherFirst(Transport transport) {
        Received[] messages = new Received[2];
        StompSocket bob = subscriber(transport, "1.2", "client", messages);
        SERVER.connect(transport)
                .sends("SEND\ndestination:/queue/a\nreceipt:r\n\n3^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        bob.gotMessage("3");
        bob.vanishes();
        isLeft(transport, "1", "2", "3");
    }
}
