package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.CloseCode;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How WebSocket connections end, from either side (RFC 6455 7). */
class WebSocketCloseIT {

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    /** Of a short frame, with its mask. */
    private static final int WS_HEADER_BYTES = 6;

    /** How long the server waits for a peer that does not end the connection. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private static final int TIMES = 6;

    /**
     * The exchange ends without the server's having waited for anything. It is made again and again: half a minute is
     * enough for that on any machine, and too little if it were cut each time.
     */
    private static void endsAtOnce(Consumer<RawWebSocket> exchange) {
        long start = System.nanoTime();
        for (int i = 0; i < TIMES; i++) {
            exchange.accept(SERVER.connectedWebSocket());
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LINGER.multipliedBy(TIMES));
    }

    // ---- the client closes ----------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 3000, 4000, 4999})
    @DisplayName("item 17: a Close is echoed, and the server closes TCP")
    void closeIsEchoed(int code) {
        endsAtOnce(
                client -> client.sends(WsFrame.close(code)).gotClose(code).tcp().ended());
    }

    @Test
    @DisplayName("item 17: an empty Close is answered with a Close")
    void emptyCloseIsAnswered() {
        endsAtOnce(client -> {
            client.sends(WsFrame.of(WsFrame.CLOSE, new byte[0]));
            assertThat(client.frame().opcode()).isEqualTo(WsFrame.CLOSE);
            client.tcp().ended();
        });
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535})
    @DisplayName("item 17, case 21: a Close with a code that may not be sent: 1002")
    void closeWithAForbiddenCodeIsRefused(int code) {
        endsAtOnce(
                client -> client.sends(WsFrame.close(code)).gotClose(1002).tcp().ended());
    }

    @Test
    @DisplayName("item 17, case 21: a Close of one byte: 1002")
    void closeOfOneByteIsRefused() {
        SERVER.connectedWebSocket()
                .sends(WsFrame.of(WsFrame.CLOSE, new byte[] {3}))
                .gotClose(1002);
    }

    @Test
    @DisplayName("item 17: a Close whose reason is not UTF-8: 1002 or 1007")
    void closeWithAMalformedReasonIsRefused() {
        RawWebSocket client =
                SERVER.connectedWebSocket().sends(WsFrame.of(WsFrame.CLOSE, new byte[] {3, (byte) 0xE8, (byte) 0xFF}));

        assertThat(client.frame().closeCode()).isIn(1002, 1007);
    }

    @Test
    @DisplayName("item 17, case 23: frames behind a Close are ignored")
    void framesBehindACloseAreIgnored() {
        RawWebSocket subscriber = subscriber();
        SERVER.connectedWebSocket()
                .sends(
                        WsFrame.text("SEND\ndestination:/topic/a\n\nbefore^@"),
                        WsFrame.close(1000),
                        WsFrame.text("SEND\ndestination:/topic/a\n\nbehind^@"))
                .gotClose(1000);

        SERVER.connectedWebSocket().sends("SEND\ndestination:/topic/a\n\nlast^@");
        assertThat(subscriber.frame().text()).endsWith("before^@");
        assertThat(subscriber.frame().text()).endsWith("last^@");
    }

    @Test
    @DisplayName("item 122: what a client sent before it vanished is processed, and nothing of it is left")
    void whatAClientSentBeforeItVanishedCounts() {
        RawWebSocket subscriber = subscriber();
        RawWebSocket vanishing = subscriber();
        vanishing.sends("SEND\ndestination:/topic/a\n\nfarewell^@").tcp().shutdownOutput();

        assertThat(subscriber.frame().text()).endsWith("farewell^@");
        vanishing.tcp().readToEnd();
        SERVER.awaitSessions(1);
    }

    @Test
    @DisplayName("item 122, case 25: a reset in the middle of a frame leaves nothing")
    void resetInsideAFrameLeavesNothing() {
        RawWebSocket client = subscriber();
        byte[] half = WsFrame.text("SEND\ndestination:/topic/a\n\nhi^@").bytes();
        client.tcp().sends(java.util.Arrays.copyOf(half, half.length / 2)).reset();

        SERVER.awaitSessions(0);
    }

    // ---- the server closes ----------------------------------------------------------------------------------------

    @Test
    @DisplayName("item 116: ERROR comes before the Close, and then the end")
    void errorComesBeforeTheClose() {
        endsAtOnce(client -> client.sends("NONSENSE\nreceipt:r\n\n^@")
                .gotError("unknown command")
                .gotClose(1002)
                .closesToo(1002));
    }

    @Test
    @DisplayName("item 116: a server that closes in the middle of the client's Close frame closes all the same")
    void serverClosesInTheMiddleOfTheClientsClose() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(
                WsFrame.text("SEND\ndestination:/topic/a\nreceipt:r\n\nhi^@").bytes());
        bytes.write(WsFrame.close(1000).bytes(), 0, WS_HEADER_BYTES);
        endsAtOnce(client -> {
            client.tcp().sends(bytes.toByteArray());
            client.gotStart("RECEIPT\nreceipt-id:r\n");

            SERVER.broker().closeSessions(CloseCode.GOING_AWAY, "going away");
            client.gotStart("ERROR\nmessage:going away\n");
            client.gotClose(1001).tcp().ended();
        });
    }

    @Test
    @DisplayName("item 116: a client that keeps sending reads its ERROR and the Close nevertheless")
    void clientThatKeepsSendingReadsItsError() throws InterruptedException {
        RawWebSocket client = SERVER.connectedWebSocket().sends("NONSENSE\n\n^@");
        Thread sender = keepSending(client);

        client.gotError("unknown command").gotClose(1002);
        sender.join(Await.DEADLINE.toMillis());
        assertThat(sender.isAlive()).isFalse();
    }

    @Test
    @DisplayName("item 116: the same for what is no WebSocket")
    void clientThatKeepsSendingReadsWhyItsFramesAreRefused() throws InterruptedException {
        RawWebSocket client =
                SERVER.connectedWebSocket().sends(WsFrame.text("hi").unmasked());
        Thread sender = keepSending(client);

        client.gotError("unmasked frame").gotClose(1002).tcp().ended();
        sender.join(Await.DEADLINE.toMillis());
        assertThat(sender.isAlive()).isFalse();
    }

    @Test
    @DisplayName("item 116: nothing after an ERROR is processed")
    void nothingAfterAnErrorIsProcessed() {
        RawWebSocket subscriber = subscriber();
        SERVER.connectedWebSocket()
                .sends("NONSENSE\n\n^@SEND\ndestination:/topic/a\n\nsame message^@")
                .sends("SEND\ndestination:/topic/a\n\nnext message^@")
                .gotError("unknown command")
                .gotClose(1002);

        subscriber.sends("SEND\ndestination:/topic/a\n\nother client^@");
        assertThat(subscriber.frame().text()).endsWith("other client^@");
    }

    @Test
    void afterAViolationTheServerEndsWithoutWaitingForAClose() {
        endsAtOnce(client -> client.sends(WsFrame.text("hi").reserved(4))
                .gotError("reserved bit")
                .gotClose(1002)
                .tcp()
                .ended());
    }

    @Test
    @DisplayName("item 117: ERROR names the receipt and says what was wrong")
    void errorNamesTheReceipt() {
        assertThat(SERVER.connectedWebSocket()
                        .sends("SEND\nreceipt:r7\n\nhi^@")
                        .frame()
                        .text())
                .contains("\nreceipt-id:r7\n", "\ncontent-type:text/plain", "\ncontent-length:");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "SEND\npasscode:hunter2\n\n^@",
                "SEND\npasscode hunter2\n\n^@",
                "SUBSCRIBE\nid:0\ndestination:/topic/a\nselector:((\npasscode:hunter2\n\n^@",
                "CONNECT\nlogin:alice\npasscode:hunter2\n\n^@",
                "ACK\nid:x\npasscode:hunter2\n\n^@"
            })
    @DisplayName("item 118: no stack trace, class name or credential in an ERROR")
    void errorTellsNothingOfTheInside(String frame) {
        RawWebSocket client = SERVER.connectedWebSocket().sends(frame);
        String error = client.frame().text();

        assertThat(error).startsWith("ERROR\n").doesNotContain("Exception", "io.fanfare", "java.", "\tat ", "hunter2");
        client.gotClose(1002);
    }

    @Test
    @DisplayName("item 22: a Close says why in at most 123 bytes, whatever the client sent")
    void closeReasonsAreShort() {
        WsFrame close = SERVER.connectedWebSocket()
                .sends("SEND\ndestination:/topic/" + "é".repeat(3000) + "\n\n^@")
                .gotError("invalid destination")
                .frame();

        assertThat(close.opcode()).isEqualTo(WsFrame.CLOSE);
        assertThat(close.closeReason().getBytes(UTF_8).length).isBetween(1, 123);
    }

    @Test
    @DisplayName("item 120: DISCONNECT with a receipt: RECEIPT, then Close 1000")
    void disconnectWithReceiptIsConfirmed() {
        endsAtOnce(client -> client.sends("DISCONNECT\nreceipt:bye\n\n^@")
                .got("RECEIPT\nreceipt-id:bye\n\n^@")
                .gotClose(1000)
                .closesToo(1000));
    }

    @Test
    @DisplayName("item 120: DISCONNECT without a receipt: Close 1000")
    void disconnectWithoutReceiptIsClosed() {
        SERVER.connectedWebSocket().sends("DISCONNECT\n\n^@").gotClose(1000).closesToo(1000);
    }

    @Test
    @DisplayName("item 120: a client that closes while the server does is not waited for")
    void crossingClosesEndTheConnection() {
        endsAtOnce(client -> client.sends(WsFrame.text("DISCONNECT\nreceipt:bye\n\n^@"), WsFrame.close(1000))
                .got("RECEIPT\nreceipt-id:bye\n\n^@")
                .gotClose(1000)
                .tcp()
                .ended());
    }

    @Test
    @DisplayName("item 121: frames after DISCONNECT are ignored")
    void framesAfterDisconnectAreIgnored() {
        RawWebSocket subscriber = subscriber();
        SERVER.connectedWebSocket()
                .sends("DISCONNECT\nreceipt:bye\n\n^@SEND\ndestination:/topic/a\n\ntoo late^@")
                .sends("NONSENSE\n\n^@")
                .got("RECEIPT\nreceipt-id:bye\n\n^@")
                .gotClose(1000);

        subscriber.sends("SEND\ndestination:/topic/a\n\nother^@");
        assertThat(subscriber.frame().text()).endsWith("other^@");
    }

    /** Nobody has to answer a Close; the socket is free after some seconds all the same. */
    @Test
    @Tag("case-24")
    @Tag("advisory-49")
    void clientThatDoesNotAnswerTheCloseIsCut() {
        RawWebSocket client =
                SERVER.connectedWebSocket().sends("DISCONNECT\n\n^@").gotClose(1000);

        client.tcp().ended();
        SERVER.awaitSessions(0);
    }

    private static RawWebSocket subscriber() {
        return SERVER.connectedWebSocket()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    /** Sends until the connection breaks or 8 MiB are gone. */
    private static Thread keepSending(RawWebSocket client) {
        Thread sender = new Thread(() -> {
            WsFrame more = WsFrame.text("SEND\ndestination:/topic/b\n\n" + "x".repeat(8000) + "^@");
            try {
                for (int i = 0; i < 1000; i++) {
                    client.sends(more);
                }
                client.tcp().shutdownOutput();
            } catch (UncheckedIOException e) {
                // the connection has ended
            }
        });
        sender.start();
        return sender;
    }
}
