package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.server.TestServer;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first words of a connection. */
class ConnectIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest();

    @OverBoth
    @DisplayName("item 58: the highest common version is chosen, whatever else is offered")
    void theHighestCommonVersionIsChosen(Transport transport) {
        SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.0, 1.1 ,2.0\nhost:h\n\n^@")
                .got("CONNECTED\nversion:1.1\n\n^@");
        SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.2,1.0\nhost:h\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@");
    }

    @OverBoth
    @DisplayName("item 59: who names no version speaks 1.0")
    void whoNamesNoVersionSpeaks10(Transport transport) {
        StompSocket old =
                SERVER.open(transport).sends("CONNECT\nlogin: bob\n\n^@").got("CONNECTED\nversion:1.0\n\n^@");
        old.sends("SUBSCRIBE\ndestination:/topic/a\n\n^@SEND\ndestination:/topic/a\nx:a\\nb\n\nhi^@");
        old.got("MESSAGE\ndestination:/topic/a\nuser-id:bob\nx:a\\nb\n\nhi^@");
    }

    @OverBoth
    @DisplayName("item 60, case 6: without a common version: ERROR that lists what there is, then the end")
    void withoutACommonVersionThereIsAnError(Transport transport) {
        Received error = SERVER.open(transport)
                .sends("CONNECT\naccept-version:2.0,3.0\nhost:h\n\n^@")
                .gotError(1002, "no common version", "2.0,3.0", "1.0,1.1,1.2");
        assertThat(error.header("version")).isEqualTo("1.0,1.1,1.2");
        assertThat(error.header("content-type")).isEqualTo("text/plain;charset=utf-8");
    }

    @OverBoth
    @DisplayName("item 61: STOMP connects like CONNECT")
    void stompConnects(Transport transport) {
        SERVER.open(transport)
                .sends("STOMP\naccept-version:1.1,1.2\nhost:h\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@");
    }

    @OverBoth
    @DisplayName("item 62: CONNECTED has version, a session of its own, and server")
    void connectedSaysWhoItIs(Transport transport) {
        Received first = connected(transport);
        Received second = connected(transport);
        assertThat(first.header("session")).isNotEqualTo(second.header("session"));
        assertThat(first.header("server")).matches("fanfare/[^ /]+");
        assertThat(first.header("version")).isEqualTo("1.2");
    }

    private static Received connected(Transport transport) {
        return SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@")
                .next();
    }

    @OverBoth
    @DisplayName("item 63: any host will do, and none")
    void anyHostWillDo(Transport transport) {
        SERVER.open(transport).sends("CONNECT\naccept-version:1.2\n\n^@").got("CONNECTED\nversion:1.2\n\n^@");
        SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.1\nhost:nowhere.example\n\n^@")
                .got("CONNECTED\nversion:1.1\n\n^@");
    }

    @OverBoth
    @DisplayName("item 64, case 28, advisory 1: line ends may come before CONNECT, other frames may not")
    void nothingButLineEndsComesBeforeConnect(Transport transport) {
        SERVER.open(transport).sends("\n\r\n\n").connects("1.2");
        SERVER.open(transport)
                .sends("SEND\ndestination:/queue/a\n\nhi^@")
                .gotError(1002, "not connected", "CONNECT", "SEND");
        assertThat(SERVER.broker().queueCount()).isZero();
    }

    @OverBoth
    @DisplayName("item 65, case 29: a second CONNECT is an ERROR")
    void aSecondConnectIsAnError(Transport transport) {
        SERVER.connect(transport)
                .sends("CONNECT\naccept-version:1.2\nhost:h\n\n^@")
                .gotError(1002, "already connected");
    }

    @OverBoth
    @DisplayName("item 67: frames right behind CONNECT are handled after it, in order")
    void framesBehindConnectAreHandled(Transport transport) {
        SERVER.open(transport)
                .sends(
                        "CONNECT\naccept-version:1.2\nhost:h\n\n^@\nSUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:1\n\n^@"
                                + "SEND\ndestination:/topic/a\nreceipt:2\n\nhi^@")
                .got("CONNECTED\nversion:1.2\n\n^@")
                .got("RECEIPT\nreceipt-id:1\n\n^@")
                .got("RECEIPT\nreceipt-id:2\n\n^@")
                .got("MESSAGE\nsubscription:0\ndestination:/topic/a\n\nhi^@");
    }

    @OverBoth
    @DisplayName("item 67: frames behind a CONNECT that fails are not")
    void framesBehindAConnectThatFailsAreNotHandled(Transport transport) {
        SERVER.open(transport)
                .sends("CONNECT\naccept-version:9\nhost:h\n\n^@SEND\ndestination:/queue/a\n\nhi^@")
                .gotError(1002, "no common version");
        assertThat(SERVER.broker().queueCount()).isZero();
    }

    @OverBoth
    @DisplayName("item 69: CONNECT has no RECEIPT")
    void connectHasNoReceipt(Transport transport) {
        SERVER.open(transport)
                .sends("CONNECT\naccept-version:1.2\nhost:h\nreceipt:r\n\n^@")
                .got("CONNECTED\nversion:1.2\n\n^@")
                .gotNothing();
    }
}
