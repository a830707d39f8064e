package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.Await;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How connections end. */
class LifetimeIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    @OverBoth
    @DisplayName("item 120: DISCONNECT has its RECEIPT, if it asks, and then comes the end")
    void disconnectIsAnswered(Transport transport) {
        SERVER.connect(transport)
                .sends("DISCONNECT\nreceipt:bye\n\n^@")
                .got("RECEIPT\nreceipt-id:bye\n\n^@")
                .gotEnd(1000);
        SERVER.connect(transport).sends("DISCONNECT\n\n^@").gotEnd(1000);
    }

    @OverBoth
    @DisplayName("item 121: frames behind DISCONNECT are ignored")
    void framesBehindDisconnectAreIgnored(Transport transport) {
        SERVER.connect(transport)
                .sends("DISCONNECT\n\n^@SEND\ndestination:/queue/a\nreceipt:r\n\nhi^@nonsense")
                .gotEnd(1000);
        assertThat(SERVER.broker().queueCount()).isZero();
    }

    @OverBoth
    @DisplayName("item 122: what came before the connection was lost is done, and nothing of it is left")
    void aLostConnectionLeavesNothing(Transport transport) {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        StompSocket alice = SERVER.connect(transport)
                .subscribes("id:0\ndestination:/queue/q\nack:client")
                .subscribes("id:1\ndestination:/temp-queue/t");
        alice.sends("SEND\ndestination:/topic/a\n\nhi^@BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/a\n"
                + "transaction:t\n\nnever^@");
        bob.gotMessage("hi");
        alice.vanishes();
        Await.until("one session is left", () -> SERVER.broker().sessionCount() == 1);
        assertThat(SERVER.broker().queueCount()).isZero();
        bob.gotNothing();
    }
}
