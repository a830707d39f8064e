package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

class SubscribeIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    @OverBoth
    @DisplayName("item 86, case 49: a SUBSCRIBE without id has its destination for an id, once")
    void withoutAnIdTheDestinationIsTheId(Transport transport) {
        for (String version : new String[] {"1.1", "1.2"}) {
            SERVER.connect(transport, version)
                    .subscribes("destination:/topic/b")
                    .publishes("/topic/b", "hi")
                    .got("MESSAGE\nsubscription:/topic/b\ndestination:/topic/b\n\nhi^@")
                    .sends("SUBSCRIBE\ndestination:/topic/b\n\n^@")
                    .gotError(1002, "duplicate subscription", "/topic/b");
        }
        StompSocket old = SERVER.connect(transport, "1.0").subscribes("destination:/topic/a");
        SERVER.connect(transport).publishes("/topic/a", "hi");
        old.got("MESSAGE\ndestination:/topic/a\n\nhi^@");
    }

    @OverBoth
    @DisplayName("item 87: SUBSCRIBE needs a destination, and one that there is")
    void subscribeNeedsADestination(Transport transport) {
        SERVER.connect(transport).sends("SUBSCRIBE\nid:0\n\n^@").gotError(1002, "missing destination", "SUBSCRIBE");
        SERVER.connect(transport)
                .sends("SUBSCRIBE\nid:0\ndestination:/nowhere\n\n^@")
                .gotError(1002, "invalid destination", "/nowhere");
    }

    @OverBoth
    @DisplayName("item 88, case 49: an id that is in use is an ERROR, and its subscription ends with the connection")
    void anIdInUseIsAnError(Transport transport) {
        SERVER.connect(transport)
                .subscribes("id:0\ndestination:/topic/a")
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@")
                .gotError(1002, "duplicate subscription", "'0'");
        SERVER.connect(transport)
                .sends("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@")
                .got("RECEIPT\nreceipt-id:r\nmatched:0\ndelivered:0\nqueued:0\ndropped:1\n\n^@");
    }

    @OverBoth
    @DisplayName("item 89: ids belong to their connection, and can be used again")
    void idsBelongToTheirConnection(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/b");
        StompSocket carol = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/c");
        bob.sends("UNSUBSCRIBE\nid:0\n\n^@").subscribes("id:0\ndestination:/topic/d");
        SERVER.connect(transport)
                .publishes("/topic/b", "nobody's")
                .publishes("/topic/c", "carol's")
                .publishes("/topic/d", "bob's");
        bob.got("MESSAGE\nsubscription:0\ndestination:/topic/d\n\nbob's^@");
        carol.got("MESSAGE\nsubscription:0\ndestination:/topic/c\n\ncarol's^@");
    }

    @OverBoth
    @DisplayName("item 90: overlapping subscriptions get a MESSAGE each, with their own ids")
    void overlappingSubscriptionsGetAMessageEach(Transport transport) {
        StompSocket bob = SERVER.connect(transport)
                .subscribes("id:exact\ndestination:/topic/a.b")
                .subscribes("id:star\ndestination:/topic/a.*")
                .subscribes("id:rest\ndestination:/topic/#");
        SERVER.connect(transport).publishes("/topic/a.b", "hi");
        assertThat(new String[] {
                    bob.gotMessage("hi").header("subscription"),
                    bob.gotMessage("hi").header("subscription"),
                    bob.gotMessage("hi").header("subscription")
                })
                .containsExactlyInAnyOrder("exact", "star", "rest");
        bob.gotNothing();
    }

    @OverBoth
    @DisplayName("item 91: ack is auto, client or client-individual, in 1.0 too, and nothing else")
    void ackModesAreThree(Transport transport) {
        SERVER.connect(transport)
                .subscribes("id:0\ndestination:/topic/a")
                .subscribes("id:1\ndestination:/topic/a\nack:auto")
                .subscribes("id:2\ndestination:/topic/a\nack:client")
                .subscribes("id:3\ndestination:/topic/a\nack:client-individual")
                .sends("SUBSCRIBE\nid:4\ndestination:/topic/a\nack:Client\n\n^@")
                .gotError(1002, "invalid ack mode", "'Client'");
        SERVER.connect(transport, "1.0").subscribes("id:0\ndestination:/topic/a\nack:client-individual");
    }

    @OverBoth
    @DisplayName("item 92, case 54: UNSUBSCRIBE names a live subscription; 1.0 may name the destination")
    void unsubscribeNamesALiveSubscription(Transport transport) {
        SERVER.connect(transport).sends("UNSUBSCRIBE\nid:7\n\n^@").gotError(1002, "no such subscription", "'7'");
        SERVER.connect(transport)
                .subscribes("id:0\ndestination:/topic/a")
                .sends("UNSUBSCRIBE\ndestination:/topic/a\n\n^@")
                .gotError(1002, "no such subscription");
        SERVER.connect(transport, "1.0")
                .subscribes("destination:/topic/a")
                .sends("UNSUBSCRIBE\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @OverBoth
    @DisplayName("item 93: no MESSAGE comes behind the RECEIPT of UNSUBSCRIBE")
    void nothingComesBehindTheReceiptOfUnsubscribe(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        StompSocket alice = SERVER.connect(transport);
        alice.sends("SEND\ndestination:/topic/a\n\nhi^@".repeat(2000));
        bob.gotMessage("hi");
        bob.sends("UNSUBSCRIBE\nid:0\nreceipt:r\n\n^@");
        while (bob.next().command().equals("MESSAGE")) {
            // those before the RECEIPT
        }
        alice.publishes("/topic/a", "the end");
        bob.gotNothing();
    }

    @OverBoth
    @DisplayName("item 94: the RECEIPT of SUBSCRIBE comes before its messages, and what is sent after it arrives")
    void theReceiptOfSubscribeIsABarrier(Transport transport) {
        StompSocket alice = SERVER.connect(transport);
        StompSocket bob = SERVER.connect(transport);
        for (int i = 0; i < 50; i++) {
            alice.publishes("/queue/q", "waiting");
            bob.subscribes("id:q" + i + "\ndestination:/queue/q").gotMessage("waiting");
            bob.subscribes("id:t" + i + "\ndestination:/topic/t" + i);
            alice.publishes("/topic/t" + i, "hi");
            bob.gotMessage("hi");
            bob.sends("UNSUBSCRIBE\nid:q" + i + "\n\n^@");
        }
    }
}
