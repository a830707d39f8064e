package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** STOMP frames do not care how they are cut into WebSocket messages, fragments or TCP segments. */
class CutFramesIT {

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    /** Escapes, a CR LF, characters of two to four bytes, a NUL in the body. */
    private static final byte[] SEND =
            Transcript.bytes("SEND\r\ndestination:/topic/a\nx\\cy:a\\nb\\\\é€😀\ncontent-length:13\n\n^@é€😀\nhi^@");

    private static final String MESSAGE_START = "MESSAGE\n";
    private static final String MESSAGE_END = "\n\n^@é€😀\nhi^@";

    @Test
    @DisplayName("item 30: one frame in one message")
    void oneFrameInOneMessage() {
        RawWebSocket client = webSocketSubscriber().sends(WsFrame.of(WsFrame.TEXT, SEND));

        assertThatIsTheMessage(client.frame().text());
    }

    @Test
    @DisplayName("item 31, case 40: many frames in one message are handled in order, each answered in its own message")
    void manyFramesInOneMessage() {
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            frames.append("BEGIN\ntransaction:t")
                    .append(i)
                    .append("\nreceipt:b")
                    .append(i)
                    .append("\n\n^@\n");
            frames.append("ABORT\ntransaction:t")
                    .append(i)
                    .append("\nreceipt:a")
                    .append(i)
                    .append("\n\n^@");
        }
        RawWebSocket client = SERVER.connectedWebSocket().sends(frames.toString());

        for (int i = 0; i < 100; i++) {
            client.got("RECEIPT\nreceipt-id:b" + i + "\n\n^@").got("RECEIPT\nreceipt-id:a" + i + "\n\n^@");
        }
    }

    @Test
    @DisplayName("items 31, 67: frames behind CONNECT in its message are handled after it")
    void framesBehindConnectInItsMessage() {
        SERVER.webSocket()
                .sends("CONNECT\naccept-version:1.2\nhost:a\n\n^@BEGIN\ntransaction:t\nreceipt:r\n\n^@DISCONNECT\n\n^@")
                .gotStart("CONNECTED\n")
                .got("RECEIPT\nreceipt-id:r\n\n^@")
                .gotClose(1000);
    }

    @Test
    @DisplayName(
            "item 32, case 40: a frame cut at every byte into two messages, binary ones so that characters may be cut")
    void frameCutAtEveryByteIntoTwoMessages() {
        RawWebSocket client = webSocketSubscriber();
        for (int cut = 1; cut < SEND.length; cut++) {
            client.sends(
                    WsFrame.of(WsFrame.BINARY, Arrays.copyOf(SEND, cut)),
                    WsFrame.of(WsFrame.BINARY, Arrays.copyOfRange(SEND, cut, SEND.length)));

            assertThatIsTheMessage(client.frame().text());
        }
    }

    @ParameterizedTest(name = "opcode {0}")
    @ValueSource(ints = {WsFrame.TEXT, WsFrame.BINARY})
    @DisplayName("item 32, case 40: a frame cut at every byte into two fragments")
    void frameCutAtEveryByteIntoTwoFragments(int opcode) {
        RawWebSocket client = webSocketSubscriber();
        for (int cut = 1; cut < SEND.length; cut++) {
            client.sends(
                    WsFrame.of(opcode, Arrays.copyOf(SEND, cut)).notLast(),
                    WsFrame.of(WsFrame.CONTINUATION, Arrays.copyOfRange(SEND, cut, SEND.length)));

            assertThatIsTheMessage(client.frame().text());
        }
    }

    @Test
    @DisplayName("item 32, case 40: a frame of one byte a message")
    void frameOfOneByteAMessage() {
        RawWebSocket client = webSocketSubscriber();
        for (byte b : SEND) {
            client.sends(WsFrame.of(WsFrame.BINARY, new byte[] {b}));
        }

        assertThatIsTheMessage(client.frame().text());
    }

    @Test
    @DisplayName("item 32: a WebSocket frame cut at every byte into two TCP writes")
    void webSocketFrameCutAtEveryByteIntoTwoWrites() {
        RawWebSocket client = webSocketSubscriber();
        byte[] frame = WsFrame.of(WsFrame.TEXT, SEND).bytes();
        for (int cut = 1; cut < frame.length; cut++) {
            sendsInTwo(client.tcp(), frame, cut);

            assertThatIsTheMessage(client.frame().text());
        }
    }

    @Test
    @DisplayName("item 32: a frame of plain STOMP cut at every byte into two TCP writes")
    void frameCutAtEveryByteIntoTwoWrites() {
        RawTcp client = tcpSubscriber();
        for (int cut = 1; cut < SEND.length; cut++) {
            sendsInTwo(client, SEND, cut);

            assertThatIsTheMessage(client.frame());
        }
    }

    @Test
    @DisplayName("item 32: plain STOMP, byte by byte from CONNECT on")
    void plainStompByteByByte() {
        RawTcp client = SERVER.tcp();
        for (byte b : Transcript.bytes("\n\r\nCONNECT\naccept-version:1.2\nhost:a\n\n^@\n"
                + "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")) {
            client.sends(new byte[] {b});
        }

        client.gotStart("CONNECTED\nversion:1.2\n").got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("item 31: many frames of plain STOMP in one write")
    void manyFramesInOneWrite() {
        RawTcp client = tcpSubscriber();
        byte[] three = new byte[3 * SEND.length];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(SEND, 0, three, i * SEND.length, SEND.length);
        }
        client.sends(three);

        for (int i = 0; i < 3; i++) {
            assertThatIsTheMessage(client.frame());
        }
    }

    /** TCP_NODELAY makes two segments of them; whether the server reads them apart is up to the kernel. */
    private static void sendsInTwo(RawTcp client, byte[] bytes, int cut) {
        client.sends(Arrays.copyOf(bytes, cut));
        client.sends(Arrays.copyOfRange(bytes, cut, bytes.length));
    }

    private static void assertThatIsTheMessage(String frame) {
        assertThat(frame)
                .startsWith(MESSAGE_START)
                .contains("\ndestination:/topic/a\n", "\nx\\cy:a\\nb\\\\é€😀\n", "\ncontent-length:13\n")
                .endsWith(MESSAGE_END);
    }

    private static RawWebSocket webSocketSubscriber() {
        return SERVER.connectedWebSocket()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    private static RawTcp tcpSubscriber() {
        return SERVER.connectedTcp()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }
}
