package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Plain STOMP over TCP, and what is not STOMP at all. */
class TcpIT {

    private static final int MAX_FRAME = 1 << 20;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.broker(BrokerOptions.builder()
            .limits(l -> l.frameLimits(FrameLimits.DEFAULT.withMaxFrameBytes(MAX_FRAME)))
            .build()));

    @Test
    void tcpAndWebSocketMeetInOneBroker() {
        RawTcp tcp = SERVER.connectedTcp()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        RawWebSocket webSocket = SERVER.connectedWebSocket()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");

        webSocket.sends("SEND\ndestination:/topic/a\n\n1^@");
        assertThat(tcp.frame()).endsWith("\n\n1^@");
        assertThat(webSocket.frame().text()).endsWith("\n\n1^@");
        tcp.sends("SEND\ndestination:/topic/a\n\n2^@");
        assertThat(tcp.frame()).endsWith("\n\n2^@");
        assertThat(webSocket.frame().text()).endsWith("\n\n2^@");
    }

    @Test
    @DisplayName("item 116: ERROR, then the end of the connection")
    void errorThenTheEnd() {
        SERVER.connectedTcp()
                .sends("NONSENSE\n\n^@")
                .gotStart("ERROR\nmessage:unknown command\n")
                .ended();
    }

    @Test
    @DisplayName("item 116: a client that keeps sending reads its ERROR nevertheless")
    void clientThatKeepsSendingReadsItsError() {
        RawTcp client = SERVER.connectedTcp().sends("NONSENSE\n\n^@");
        byte[] more = Transcript.bytes("SEND\ndestination:/topic/a\n\n" + "x".repeat(100_000) + "^@");
        for (int i = 0; i < 50; i++) {
            client.sends(more);
        }

        client.gotStart("ERROR\nmessage:unknown command\n").ended();
    }

    @Test
    @DisplayName("item 120: DISCONNECT: RECEIPT, then the end")
    void disconnectIsConfirmed() {
        RawTcp client =
                SERVER.connectedTcp().sends("DISCONNECT\nreceipt:bye\n\n^@SEND\ndestination:/topic/a\n\nlate^@");

        client.got("RECEIPT\nreceipt-id:bye\n\n^@").ended();
    }

    @Test
    void clientThatEndsItsSideStillGetsItsAnswers() {
        RawTcp client = SERVER.connectedTcp().sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@");
        client.shutdownOutput();

        client.got("RECEIPT\nreceipt-id:r\n\n^@").ended();
    }

    @Test
    @DisplayName("item 24, advisories 13, 56: a body that announces 1 GiB is refused before any of it comes")
    void announcedGibibyteIsRefusedAtOnce() {
        SERVER.connectedTcp()
                .sends("SEND\ndestination:/topic/a\nreceipt:r\ncontent-length:1073741824\n\n")
                .gotStart("ERROR\nmessage:frame too large\n")
                .ended();
    }

    @Test
    @DisplayName("item 24, case 39: a body without end is refused at the limit, and costs no more than it")
    void bodyWithoutEndIsRefusedAtTheLimit() {
        RawTcp client = SERVER.connectedTcp().sends("SEND\ndestination:/topic/a\n\n");
        long before = Jvm.usedHeapBytes();
        byte[] piece = new byte[1 << 20];
        java.util.Arrays.fill(piece, (byte) 'x');
        try {
            for (int i = 0; i < 32; i++) {
                client.sends(piece);
            }
            client.gotStart("ERROR\nmessage:frame too large\n");
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageContaining("reset");
        }

        assertThat(Jvm.usedHeapBytes() - before).isLessThan(8 << 20);
    }

    @Test
    @DisplayName("item 24: before CONNECTED a frame has at most 64 KiB")
    void framesBeforeConnectedAreSmall() {
        SERVER.tcp()
                .sends("CONNECT\naccept-version:1.2\n")
                .sends(("x:" + "y".repeat(4000) + "\n").repeat(20))
                .gotStart("ERROR\nmessage:frame too large\n")
                .ended();
    }

    @Test
    @Tag("case-27")
    @Tag("advisory-15")
    void tlsClientHelloGetsAnErrorAndNoException() {
        byte[] random = new byte[512];
        new SecureRandom(new byte[] {1}).nextBytes(random);
        byte[] hello = HexFormat.of().parseHex("1603010200010001fc0303");
        RawTcp client = SERVER.tcp().sends(hello).sends(random);

        assertThat(client.frame()).startsWith("ERROR\n").doesNotContain("Exception");
        client.ended();
    }

    @Test
    @Tag("case-27")
    void httpRequestGetsAnErrorAndNoException() {
        SERVER.tcp()
                .sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                .gotStart("ERROR\nmessage:unknown command\n")
                .ended();
    }

    @Test
    void webSocketHandshakeOnTheStompPortIsAnsweredWithAnError() {
        SERVER.tcp().sends(RawWebSocket.request()).gotStart("ERROR\n").ended();
    }

    @Test
    @Tag("case-25")
    void resetInsideAFrameLeavesNothing() {
        SERVER.connectedTcp()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@")
                .sends("SEND\ndestination:/topic/a\ncontent-length:1000\n\nhalf")
                .reset();

        SERVER.awaitSessions(0);
    }
}
