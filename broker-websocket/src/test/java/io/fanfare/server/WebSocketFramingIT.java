package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single WebSocket frames and fragments (RFC 6455 5), good and bad. */
class WebSocketFramingIT {

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private static final byte[] NOTHING = {};

    // ---- frames that break the rules ------------------------------------------------------------------------------

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.TEXT, WsFrame.BINARY, WsFrame.PING, WsFrame.CLOSE, WsFrame.CONTINUATION})
    @DisplayName("item 11, case 20: an unmasked frame fails the connection with 1002")
    void unmaskedFramesAreRefused(int opcode) {
        SERVER.connectedWebSocket()
                .sends(WsFrame.of(opcode, "hi".getBytes(UTF_8)).unmasked())
                .gotError("unmasked frame")
                .gotClose(1002);
    }

    @ParameterizedTest(name = "bits {0}")
    @ValueSource(ints = {1, 2, 4, 7})
    @DisplayName("item 12, cases 21, 26: a reserved bit, which no extension uses: 1002")
    void reservedBitsAreRefused(int bits) {
        SERVER.connectedWebSocket()
                .sends(WsFrame.text("\n").reserved(bits))
                .gotError("reserved bit")
                .gotClose(1002);
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    @DisplayName("item 12, case 21: a reserved opcode: 1002")
    void reservedOpcodesAreRefused(int opcode) {
        SERVER.connectedWebSocket()
                .sends(WsFrame.of(opcode, NOTHING))
                .gotError("unknown opcode")
                .gotClose(1002);
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.PING, WsFrame.PONG, WsFrame.CLOSE})
    @DisplayName("item 15, case 21: a control frame of 126 B: 1002")
    void longControlFramesAreRefused(int opcode) {
        SERVER.connectedWebSocket()
                .sends(WsFrame.of(opcode, new byte[126]))
                .gotError("malformed control frame")
                .gotClose(1002);
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.PING, WsFrame.PONG, WsFrame.CLOSE})
    @DisplayName("item 15, case 21: a fragmented control frame: 1002")
    void fragmentedControlFramesAreRefused(int opcode) {
        SERVER.connectedWebSocket()
                .sends(WsFrame.of(opcode, NOTHING).notLast())
                .gotError("malformed control frame")
                .gotClose(1002);
    }

    @Test
    @DisplayName("item 14, case 21: a continuation of nothing: 1002")
    void continuationOfNothingIsRefused() {
        SERVER.connectedWebSocket()
                .sends(WsFrame.of(WsFrame.CONTINUATION, "\n".getBytes(UTF_8)))
                .gotClose(1002);
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.TEXT, WsFrame.BINARY})
    @DisplayName("item 14, case 21: a new message inside a fragmented one: 1002")
    void messageInsideAMessageIsRefused(int opcode) {
        SERVER.connectedWebSocket()
                .sends(WsFrame.text("SEND\n").notLast(), WsFrame.of(opcode, "\n".getBytes(UTF_8)))
                .gotClose(1002);
    }

    @Test
    @Tag("case-21")
    @Tag("advisory-49")
    void lengthOf64BitsIsRefused() {
        RawWebSocket client = SERVER.connectedWebSocket();
        client.tcp().sends(WsFrame.of(WsFrame.BINARY, NOTHING).header(Long.MIN_VALUE));

        client.gotError("malformed length").gotClose(1002);
    }

    @Test
    void violationBeforeConnectIsAnsweredToo() {
        SERVER.webSocket().sends(WsFrame.text("x").unmasked()).gotError("*").gotClose(1002);
    }

    // ---- fragments ------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("item 13: a ping between fragments is answered at once, and the message is put together once")
    void pingBetweenFragmentsIsAnsweredAtOnce() {
        RawWebSocket client = SERVER.connectedWebSocket()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:0\n\n^@")
                .got("RECEIPT\nreceipt-id:0\n\n^@");

        client.sends(WsFrame.text("SEND\ndestination:/topic/a\n").notLast());
        client.sends(WsFrame.of(WsFrame.PING, "1".getBytes(UTF_8))).gotPong("1");
        client.sends(WsFrame.of(WsFrame.CONTINUATION, "\nh".getBytes(UTF_8)).notLast());
        client.sends(WsFrame.of(WsFrame.PING, NOTHING)).gotPong("");
        client.sends(WsFrame.of(WsFrame.CONTINUATION, NOTHING).notLast());
        client.sends(WsFrame.of(WsFrame.CONTINUATION, new byte[] {'i', 0}));

        assertThat(client.frame().text()).startsWith("MESSAGE\n").endsWith("\n\nhi^@");
        client.sends(WsFrame.of(WsFrame.PING, "2".getBytes(UTF_8))).gotPong("2");
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.TEXT, WsFrame.BINARY})
    @DisplayName("item 20: fragmented binary messages carry STOMP like text")
    void fragmentsOfOneByteAreOneMessage(int opcode) {
        byte[] connect = Transcript.bytes("CONNECT\naccept-version:1.2\nhost:a\nlogin:é€😀\n\n^@");
        RawWebSocket client = SERVER.webSocket();
        for (int i = 0; i < connect.length; i++) {
            WsFrame piece = WsFrame.of(i == 0 ? opcode : WsFrame.CONTINUATION, new byte[] {connect[i]});
            client.sends(i == connect.length - 1 ? piece : piece.notLast());
        }

        assertThat(client.frame().text()).startsWith("CONNECTED\n");
    }

    @Test
    void wholeMessagesFollowFragmentedOnes() {
        RawWebSocket client = SERVER.connectedWebSocket();
        for (int i = 0; i < 3; i++) {
            client.sends(WsFrame.text("BEGIN\ntransa").notLast())
                    .sends(WsFrame.of(WsFrame.CONTINUATION, Transcript.bytes("ction:a" + i + "\nreceipt:b\n\n^@")))
                    .got("RECEIPT\nreceipt-id:b\n\n^@")
                    .sends("ABORT\ntransaction:a" + i + "\nreceipt:c\n\n^@")
                    .got("RECEIPT\nreceipt-id:c\n\n^@");
        }
    }

    @Test
    @Tag("case-17")
    @Tag("advisory-48")
    void floodOfEmptyFragmentsIsRefused() {
        RawWebSocket client = SERVER.connectedWebSocket().sends(WsFrame.text("").notLast());
        WsFrame[] flood = new WsFrame[2000];
        Arrays.fill(flood, WsFrame.of(WsFrame.CONTINUATION, NOTHING).notLast());

        client.sends(flood).gotError("too many fragments").gotClose(1008);
    }

    // ---- control frames -------------------------------------------------------------------------------------------

    @Test
    @DisplayName("item 16: a pong repeats its ping")
    void pongRepeatsItsPing() {
        String longest = "x".repeat(125);

        SERVER.webSocket()
                .sends(WsFrame.of(WsFrame.PING, NOTHING), WsFrame.of(WsFrame.PING, longest.getBytes(UTF_8)))
                .gotPong("")
                .gotPong(longest);
    }

    @Test
    void unsolicitedPongsAreIgnored() {
        SERVER.connectedWebSocket()
                .sends(WsFrame.of(WsFrame.PONG, NOTHING), WsFrame.of(WsFrame.PONG, "x".getBytes(UTF_8)))
                .sends(WsFrame.of(WsFrame.PING, "y".getBytes(UTF_8)))
                .gotPong("y");
    }

    @Test
    void everyByteOfAFrameMayComeAlone() {
        RawWebSocket client = SERVER.connectedWebSocket();
        byte[] bytes = WsFrame.text("BEGIN\ntransaction:a\nreceipt:b\nfill:" + "x".repeat(200) + "\n\n^@")
                .bytes();
        for (byte b : bytes) {
            client.tcp().sends(new byte[] {b});
        }

        client.got("RECEIPT\nreceipt-id:b\n\n^@");
    }

    @Test
    void lengthsMayBeWrittenLongerThanNeeded() {
        byte[] payload = Transcript.bytes("BEGIN\ntransaction:a\nreceipt:b\n\n^@");
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) 0x81)
                .put((byte) 0xFF)
                .putLong(payload.length)
                .putInt(0)
                .put(payload);
        RawWebSocket client = SERVER.connectedWebSocket();
        client.tcp().sends(frame.array());

        // RFC 6455 5.2 asks the sender for the shortest form, and the receiver for nothing
        client.got("RECEIPT\nreceipt-id:b\n\n^@");
    }
}
