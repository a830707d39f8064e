package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.WsFrame;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections that begin something and go silent: each has a deadline. A deadline that a test waits for is short, all
 * others of its server are not.
 */
class SilenceIT {

    private static final Duration TIMEOUT = Duration.ofMillis(300);

    @RegisterExtension
    static final TestServer HANDSHAKES = new TestServer(options -> options.timeouts(t -> t.handshakeTimeout(TIMEOUT)));

    @RegisterExtension
    static final TestServer LOGINS = new TestServer(options -> options.broker(
            BrokerOptions.builder().auth(a -> a.loginTimeout(TIMEOUT)).build()));

    @RegisterExtension
    static final TestServer FRAMES = new TestServer(options -> options.broker(
            BrokerOptions.builder().limits(l -> l.frameTimeout(TIMEOUT)).build()));

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "G", "GET /ws HTTP/1.1\r\nHost: a\r\n", "POST /ws HTTP/1.1\r\nContent-Length: 9\r\n"})
    @Tag("case-11")
    void halfAHandshakeIsCut(String half) {
        long start = System.nanoTime();
        RawTcp client = HANDSHAKES.http().sends(half);

        client.ended();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(TIMEOUT.dividedBy(2));
    }

    @Test
    @DisplayName("item 127, case 11: a handshake that trickles in is cut at the deadline, whatever it sends")
    void tricklingHandshakeIsCut() {
        RawTcp client = HANDSHAKES.http();
        Await.until("the end", () -> {
            try {
                client.sends("x");
                return false;
            } catch (UncheckedIOException e) {
                return true;
            }
        });
    }

    @Test
    @DisplayName("item 68, case 12, advisory 10: a WebSocket without CONNECT gets an ERROR and Close 1008")
    void webSocketWithoutConnectIsClosed() {
        LOGINS.webSocket().gotError("login timeout").gotClose(1008);
    }

    @Test
    @DisplayName("item 68, case 12, advisory 10: heart-beats, pings and half a CONNECT put nothing off")
    void halfAConnectIsNoConnect() {
        RawWebSocket client = LOGINS.webSocket()
                .sends(WsFrame.text("\n\n\nCONNECT\naccept-version:1.2\n"), WsFrame.of(WsFrame.PING, new byte[0]));
        WsFrame frame = client.frame();
        // no Pong when the time was over before the Ping came
        while (frame.opcode() == WsFrame.PONG) {
            frame = client.frame();
        }

        assertThat(frame.text()).startsWith("ERROR\nmessage:login timeout\n");
        client.gotClose(1008);
    }

    @Test
    @DisplayName("item 68, case 12: plain STOMP without CONNECT gets an ERROR and the end")
    void tcpWithoutConnectIsClosed() {
        LOGINS.tcp().gotStart("ERROR\nmessage:login timeout\n").ended();
    }

    @Test
    @DisplayName("item 127, case 39: half a frame and silence, over WebSocket and over TCP")
    void halfAFrameAndSilenceIsClosed() {
        RawWebSocket webSocket = FRAMES.connectedWebSocket().sends("SEND\ndestination:/topic/a\n\nhal");
        RawTcp tcp = FRAMES.connectedTcp().sends("SEND\ndestination:/topic/a\n\nhal");

        webSocket.gotError("frame timeout").gotClose(1008);
        tcp.gotStart("ERROR\nmessage:frame timeout\n").ended();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName(
            "item 127, case 16: half a message and silence, be it fragmented, a control frame, or not even a whole header")
    @CsvSource({
        "half a fragment,018500000000616263",
        "half a ping,8985000000006162",
        "half a header,81ff00",
        "half a message,818500000000"
    })
    void halfAMessageAndSilenceIsClosed(String what, String bytes) {
        RawWebSocket client = FRAMES.connectedWebSocket();
        client.tcp().sends(HexFormat.of().parseHex(bytes));

        client.gotError("frame timeout").gotClose(1008);
    }

    @Test
    @DisplayName("item 127, case 16: a fragment and silence, where the next fragment may still come")
    void aMessageThatNeverEndsIsClosed() {
        RawWebSocket client = FRAMES.connectedWebSocket();
        client.tcp().sends(HexFormat.of().parseHex("01810000000061"));

        client.gotError("frame timeout").gotClose(1008);
    }

    @Test
    void connectedClientsMayBeSilent() {
        RawWebSocket webSocket = FRAMES.connectedWebSocket();
        RawTcp tcp = FRAMES.connectedTcp();

        tcp.silentFor(TIMEOUT.multipliedBy(3));
        webSocket.sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        tcp.sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    /** Slow-loris: they cost a socket each, and nobody else's time. */
    @Test
    void thousandHalfHandshakesKeepNobodyOut() {
        for (int i = 0; i < 1000; i++) {
            FRAMES.http().sends("GET /ws HT");
        }
        FRAMES.connectedWebSocket();
    }
}
