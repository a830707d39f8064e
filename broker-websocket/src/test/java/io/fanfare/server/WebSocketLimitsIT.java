package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.FrameLimits;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How large messages may be, at the limit and one past it; nothing is held of what is too large. */
class WebSocketLimitsIT {

    private static final int MAX_FRAME = 1 << 20;
    private static final long GIBIBYTE = 1 << 30;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.broker(BrokerOptions.builder()
            .limits(l -> l.frameLimits(FrameLimits.DEFAULT.withMaxFrameBytes(MAX_FRAME)))
            .build()));

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.TEXT, WsFrame.BINARY})
    @DisplayName("item 24, case 15, advisory 56: a message that announces 1 GiB is refused before any of it comes")
    void announcedGibibyteIsRefusedAtOnce(int opcode) {
        RawWebSocket client = SERVER.connectedWebSocket();
        client.tcp().sends(WsFrame.of(opcode, new byte[0]).header(GIBIBYTE));

        assertThat(client.frame().text())
                .startsWith("ERROR\nmessage:message too large\n")
                .contains("1,073,741,824", "1,048,576", "max_frame_bytes");
        client.gotClose(1009);
    }

    @Test
    @DisplayName("item 24, case 15: a client that sends its gibibyte nevertheless costs no memory")
    void whatIsTooLargeIsThrownAway() {
        RawWebSocket client = SERVER.connectedWebSocket();
        byte[] piece = new byte[1 << 20];
        long before = Jvm.usedHeapBytes();
        client.tcp().sends(WsFrame.of(WsFrame.BINARY, new byte[0]).header(GIBIBYTE));
        try {
            for (int i = 0; i < 64; i++) {
                client.tcp().sends(piece);
            }
            assertThat(Jvm.usedHeapBytes() - before).isLessThan(16 << 20);
            client.gotError("message too large").gotClose(1009);
        } catch (UncheckedIOException e) {
            assertThat(e).as("a reset is an answer too").hasMessageContaining("reset");
        }
    }

    @Test
    @DisplayName("item 24, case 15, advisory 49: 2^63-1 announced bytes are too many")
    void largestLengthIsRefused() {
        RawWebSocket client = SERVER.connectedWebSocket();
        client.tcp().sends(WsFrame.of(WsFrame.TEXT, new byte[0]).header(Long.MAX_VALUE));

        client.gotError("message too large").gotClose(1009);
    }

    @Test
    @DisplayName("item 24: a STOMP frame may be as large as the limit")
    void frameAtTheLimitIsTaken() {
        SERVER.connectedWebSocket().sends(sendOf(MAX_FRAME)).gotStart("RECEIPT\nreceipt-id:r\n");
    }

    @Test
    @DisplayName("item 24, case 43, advisory 50: one byte past the limit: ERROR, then 1009")
    void frameOnePastTheLimitIsRefused() {
        SERVER.connectedWebSocket()
                .sends(sendOf(MAX_FRAME + 1))
                .gotError("message too large")
                .gotClose(1009);
    }

    @Test
    @DisplayName("item 24, cases 39, 43, advisory 8: a STOMP frame over many messages is limited as a whole")
    void frameOverManyMessagesIsLimitedAsAWhole() {
        RawWebSocket client = SERVER.connectedWebSocket().sends("SEND\ndestination:/topic/a\n\n");
        WsFrame piece = WsFrame.text("x".repeat(MAX_FRAME / 16));
        for (int i = 0; i < 16; i++) {
            client.sends(piece);
        }

        client.gotError("frame too large").gotClose(1009);
    }

    @Test
    @DisplayName("item 24, case 18, advisory 8: fragments are limited as a whole")
    void fragmentsAreLimitedAsAWhole() {
        RawWebSocket client = SERVER.connectedWebSocket()
                .sends(WsFrame.text("SEND\ndestination:/topic/a\n\n").notLast());
        WsFrame piece = new WsFrame(
                false,
                0,
                WsFrame.CONTINUATION,
                true,
                "x".repeat(MAX_FRAME / 16).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (int i = 0; i < 16; i++) {
            client.sends(piece);
        }

        assertThat(client.frame().text()).startsWith("ERROR\n");
        client.gotClose(1009);
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.TEXT, WsFrame.BINARY})
    @DisplayName("item 24, advisory 8: before CONNECTED a frame has at most 64 KiB, whatever messages it comes in")
    void framesBeforeConnectedAreSmall(int opcode) {
        RawWebSocket client =
                SERVER.webSocket().sends(WsFrame.of(opcode, Transcript.bytes("CONNECT\naccept-version:1.2\n")));
        byte[] line = Transcript.bytes("x:" + "y".repeat(4000) + "\n");
        for (int i = 0; i < 20; i++) {
            client.sends(WsFrame.of(opcode, line));
        }

        assertThat(client.frame().text()).startsWith("ERROR\n").contains("65,536");
        client.gotClose(1009);
    }

    /** Tyrus holds a fragment until it is whole, so its size is judged before. */
    @Test
    @DisplayName("item 24, advisory 8: before CONNECTED a fragment has at most 64 KiB")
    void fragmentsBeforeConnectedAreSmall() {
        RawWebSocket client = SERVER.webSocket();
        client.tcp().sends(WsFrame.text("").notLast().header(65_537));

        assertThat(client.frame().text())
                .startsWith("ERROR\nmessage:message too large\n")
                .contains("65,537", "65,536");
        client.gotClose(1009);
    }

    @Test
    @Tag("case-18")
    @Tag("advisory-48")
    void fragmentsOfOneByteAreCounted() {
        RawWebSocket client =
                SERVER.connectedWebSocket().sends(WsFrame.text("S").notLast());
        WsFrame[] flood = new WsFrame[1100];
        Arrays.fill(flood, WsFrame.of(WsFrame.CONTINUATION, new byte[] {'E'}).notLast());

        client.sends(flood);
        assertThat(client.frame().text()).startsWith("ERROR\n");
        assertThat(client.frame().closeCode()).isIn(1002, 1008, 1009);
    }

    /** Also many in one message; how many is a matter of rates, and of {@link FloodIT}. */
    @Test
    @Tag("case-42")
    void someHundredHeartBeatsAreNoHarm() {
        RawWebSocket client = SERVER.connectedWebSocket();
        for (int i = 0; i < 10; i++) {
            client.sends("\n".repeat(90));
        }

        client.sends("BEGIN\ntransaction:a\nreceipt:b\n\n^@").got("RECEIPT\nreceipt-id:b\n\n^@");
    }

    /** Pongs wait like everything else: within the limit, or the connection goes. */
    @ParameterizedTest(name = "connected: {0}")
    @ValueSource(booleans = {true, false})
    void floodOfPingsWithoutReadingIsBounded(boolean connected) {
        RawTcp tcp = SERVER.kept(
                RawTcp.connectWithSmallReceiveBuffer(SERVER.running().webSocketPort()));
        RawWebSocket client = RawWebSocket.open(tcp);
        if (connected) {
            client.connects();
        }
        WsFrame[] pings = new WsFrame[1000];
        Arrays.fill(pings, WsFrame.of(WsFrame.PING, new byte[125]));
        long before = Jvm.usedHeapBytes();
        for (int i = 0; i < 1000 && stillTakes(client, pings); i++) {
            assertThat(SERVER.broker().sessionCount()).isLessThanOrEqualTo(1);
        }

        assertThat(Jvm.usedHeapBytes() - before).isLessThan(32 << 20);
    }

    private static boolean stillTakes(RawWebSocket client, WsFrame... frames) {
        try {
            client.sends(frames);
            return true;
        } catch (UncheckedIOException e) {
            assertThat(e).hasMessageMatching(".*(reset|Broken pipe).*");
            return false;
        }
    }

    private static WsFrame sendOf(int bytes) {
        String head = "SEND\ndestination:/topic/a\nreceipt:r\n\n";
        return WsFrame.text(head + "x".repeat(bytes - head.length() - 1) + "^@");
    }
}
