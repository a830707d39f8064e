package io.fanfare.server.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.server.TestServer;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Limits, each kept at the limit and refused one past it. */
class LimitsIT {

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest(server -> server.broker(BrokerOptions.builder()
            .limits(l -> l.frameLimits(new FrameLimits(10_000, 20, 200, 10))
                    .maxFrameBytesBeforeConnected(300)
                    .maxSubscriptions(3))
            .outbox(o -> o.maxOutboxBytes(100_000))
            .build()));

    private static final Duration SOON = Duration.ofMillis(300);

    /** Its clients have to log in soon, so only those that never do come here. */
    @RegisterExtension
    static final TestServer LOGINS = TestServer.forEachTest(server -> server.broker(
            BrokerOptions.builder().auth(a -> a.loginTimeout(SOON)).build()));

    /** The same with frames that have begun. */
    @RegisterExtension
    static final TestServer FRAMES = TestServer.forEachTest(server -> server.broker(
            BrokerOptions.builder().limits(l -> l.frameTimeout(SOON)).build()));

    private static StompSocket sends(Transport transport, String frame) {
        return SERVER.connect(transport).sends(frame);
    }

    @OverBoth
    @DisplayName("item 124, case 35, advisory 12: headers of a frame")
    void headersOfAFrame(Transport transport) {
        String head = "SEND\ndestination:/topic/a\nreceipt:r\n";
        sends(transport, head + "x:y\n".repeat(8) + "\nhi^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        sends(transport, head + "x:y\n".repeat(9) + "\nhi^@")
                .gotError(1009, "number of headers too large", "max_headers");
    }

    @OverBoth
    @DisplayName("item 124, case 35, advisories 12, 14: length of a header line")
    void lengthOfAHeaderLine(Transport transport) {
        String head = "SEND\ndestination:/topic/a\nreceipt:r\nx:";
        sends(transport, head + "y".repeat(198) + "\n\nhi^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        sends(transport, head + "y".repeat(199) + "\n\nhi^@")
                .gotError(1009, "header line too large", "max_header_line_bytes");
    }

    @OverBoth
    @DisplayName("item 124, case 31, advisory 12: length of a command")
    void lengthOfACommand(Transport transport) {
        sends(transport, "S".repeat(20) + "\n\n^@").gotError(1002, "unknown command");
        sends(transport, "S".repeat(21) + "\n\n^@").gotError(1009, "command too large", "max_command_bytes");
    }

    @OverBoth
    @DisplayName("item 124, cases 35, 43: size of a frame, refused as soon as it is announced")
    void sizeOfAFrame(Transport transport) {
        String head = "SEND\ndestination:/topic/a\nreceipt:r\n";
        sends(transport, head + "\n" + "x".repeat(9_000) + "^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        sends(transport, head + "\n" + "x".repeat(5_000))
                .sends("x".repeat(5_000) + "^@")
                .gotError(1009, "frame too large", "max_frame_bytes");
        sends(transport, head + "content-length:10000\n\n").gotError(1009, "frame too large", "max_frame_bytes");
    }

    @OverBoth
    @DisplayName("items 68, 124, advisory 8: size of a frame before CONNECTED")
    void sizeOfAFrameBeforeConnected(Transport transport) {
        String head = "CONNECT\naccept-version:1.2\nx:" + "x".repeat(150) + "\ny:";
        SERVER.open(transport).sends(head + "y".repeat(100) + "\n\n^@").got("CONNECTED\nversion:1.2\n\n^@");
        assertThat(SERVER.open(transport)
                        .sends(head + "y".repeat(150) + "\n\n^@")
                        .gotError(1009, "frame too large", "max_frame_bytes")
                        .has("version"))
                .isTrue();
    }

    @OverBoth
    @DisplayName("item 68: no CONNECT in time is an ERROR and the end")
    void noConnectInTime(Transport transport) {
        LOGINS.open(transport).sends("\n\n").gotError(1008, "login timeout", "login_timeout");
    }

    @OverBoth
    @DisplayName("item 125, case 51: subscriptions of a connection")
    void subscriptionsOfAConnection(Transport transport) {
        StompSocket bob = SERVER.connect(transport);
        for (int i = 0; i < 3; i++) {
            bob.subscribes("id:" + i + "\ndestination:/topic/a");
        }
        bob.sends("SUBSCRIBE\nid:3\ndestination:/topic/a\n\n^@")
                .gotError(1002, "too many subscriptions", "3", "max_subscriptions");
    }

    @OverBoth
    @DisplayName("item 125, case 60: messages that wait for their ACK")
    void messagesThatWaitForTheirAck(Transport transport) {
        StompSocket alice = SERVER.connect(transport);
        for (int i = 1; i <= 3; i++) {
            alice.publishes("/queue/a", Integer.toString(i));
        }
        StompSocket bob =
                SERVER.connect(transport).subscribes("id:0\ndestination:/queue/a\nack:client\nprefetch-count:2");
        bob.gotMessage("1");
        String ack = bob.gotMessage("2").header("ack");
        bob.gotNothing().sends("ACK\nid:" + ack + "\n\n^@");
        ack = bob.gotMessage("3").header("ack");
        bob.sends("ACK\nid:" + ack + "\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @OverBoth
    @DisplayName("item 126, case 70: a backlog of more than its limit ends the connection, and no other's")
    void aBacklogHasALimit(Transport transport) {
        StompSocket slow = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        StompSocket quick = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        StompSocket alice = SERVER.connect(transport);
        String send = "SEND\ndestination:/topic/a\nreceipt:r\n\n" + "x".repeat(8_000) + "^@";
        // until the kernels' buffers for the slow one are full, and its outbox, too, and it has no subscription any
        // more
        String matched = "2";
        for (int i = 0; i < 20_000 && matched.equals("2"); i++) {
            matched = alice.sends(send).next().header("matched");
            quick.next();
        }
        Received last = slow.next();
        while (last.command().equals("MESSAGE")) {
            last = slow.next();
        }
        assertThat(last.header("message")).isEqualTo("too slow");
        assertThat(last.text()).contains("max_outbox_bytes");
        slow.gotEnd(1013);
        quick.gotNothing();
    }

    @OverBoth
    @DisplayName(
            "item 127, cases 38, 39: half a frame and then silence is an ERROR and the end, without heart-beats, too")
    void halfAFrameIsNotWaitedFor(Transport transport) {
        for (String half :
                new String[] {"SEND", "SEND\ndestination:/topic", "SEND\ndestination:/topic/a\n\nhalf a bo"}) {
            FRAMES.open(transport)
                    .sends("CONNECT\naccept-version:1.2\nhost:h\nheart-beat:0,0\n\n^@")
                    .got("CONNECTED\nversion:1.2\n\n^@")
                    .sends(half)
                    .gotError(1008, "frame timeout", "300 ms", "frame_timeout");
        }
    }

    @OverBoth
    @DisplayName("item 127: silence between frames is nobody's business")
    void silenceBetweenFramesIsAllowed(Transport transport) {
        FRAMES.connect(transport).silentFor(SOON.multipliedBy(4)).gotNothing();
    }
}
