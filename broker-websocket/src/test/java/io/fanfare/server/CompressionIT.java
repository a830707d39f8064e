package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.testing.Await;
import io.fanfare.testing.HeapMeter;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Received;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.Wire;
import io.fanfare.testing.WsFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate (RFC 7692) on a real port. */
class CompressionIT {

    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
    private static final int RSV1 = 4;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.compressionMinBytes(256)
            .broker(BrokerOptions.builder()
                    .rates(rates -> rates.maxControlRate(0)
                            .maxMessageRate(5_000)
                            .rateBurst(Duration.ofMillis(20))
                            .maxRateDelay(Duration.ofMinutes(1)))
                    .build()));

    private static RawWebSocket compressing() {
        return SERVER.webSocket(OFFER).connects();
    }

    private static WsFrame compressed(String transcript) {
        return compressed(Transcript.bytes(transcript));
    }

    private static WsFrame compressed(byte[] payload) {
        return WsFrame.of(WsFrame.TEXT, Wire.deflated(payload)).reserved(RSV1);
    }

    private static String subscribe(String id) {
        return "SUBSCRIBE\nid:" + id + "\ndestination:/topic/a\nreceipt:r\n\n^@";
    }

    private static Received message(WsFrame frame) {
        return Received.of(
                Transcript.text(frame.reserved() == RSV1 ? Wire.inflated(frame.payload()) : frame.payload()));
    }

    // ---- handshake --------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("item 26: an offer that can be honoured is accepted")
    void offersAreAnswered() {
        assertThat(SERVER.webSocket(OFFER).response().header("Sec-WebSocket-Extensions"))
                .containsExactly("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
        assertThat(SERVER.webSocket(
                                "Sec-WebSocket-Extensions: x-other, permessage-deflate; server_max_window_bits=9",
                                "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=13")
                        .response()
                        .header("Sec-WebSocket-Extensions"))
                .containsExactly("permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                        + " server_max_window_bits=12");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "permessage-deflate; server_max_window_bits=8",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_max_window_bits; client_max_window_bits",
                "permessage-deflate; x-unknown",
                "permessage-deflate;;",
                "x-webkit-deflate-frame"
            })
    @DisplayName("item 26: an offer that can't be honoured is declined, and the handshake goes on")
    void otherOffersAreDeclined(String offer) {
        RawWebSocket client = SERVER.webSocket("Sec-WebSocket-Extensions: " + offer);

        assertThat(client.response().header("Sec-WebSocket-Extensions")).isEmpty();
        client.connects()
                .sends(WsFrame.text("\n").reserved(RSV1))
                .gotError("reserved bit")
                .gotClose(1002);
    }

    // ---- messages ---------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("item 27: compressed messages go to those who agreed, and the same as they are to others")
    void everyClientGetsWhatItHasAgreedOn() {
        String body = "{\"symbol\":\"AAPL\",\"price\":123},".repeat(50);
        RawWebSocket alice = compressing().sends(subscribe("0")).got("RECEIPT\nreceipt-id:r\n\n^@");
        RawWebSocket small = SERVER.webSocket("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=12")
                .connects()
                .sends(subscribe("other"))
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        RawWebSocket plain = SERVER.connectedWebSocket().sends(subscribe("0")).got("RECEIPT\nreceipt-id:r\n\n^@");
        compressing().sends(compressed("SEND\ndestination:/topic/a\n\n" + body + "^@"));

        WsFrame toAlice = alice.frame();
        WsFrame toSmall = small.frame();
        WsFrame toPlain = plain.frame();
        assertThat(List.of(toAlice.reserved(), toSmall.reserved(), toPlain.reserved()))
                .containsExactly(RSV1, RSV1, 0);
        assertThat(Wire.inflated(toAlice.payload())).isEqualTo(toPlain.payload());
        assertThat(toAlice.payload().length).isLessThan(toPlain.payload().length / 3);
        assertThat(message(toSmall).text()).isEqualTo(body);
        assertThat(message(toSmall).header("subscription")).isEqualTo("other");
    }

    @Test
    void smallMessagesAreSentAsTheyAre() {
        RawWebSocket client = compressing().sends(subscribe("0")).got("RECEIPT\nreceipt-id:r\n\n^@");
        client.sends("SEND\ndestination:/topic/a\n\nhi^@");

        assertThat(client.frame().reserved()).isZero();
    }

    @Test
    @DisplayName("items 13, 27: fragments, compressed and not, with pings between them")
    void fragmentsOfBothKindsAreMessages() {
        RawWebSocket client = compressing().sends(subscribe("0")).got("RECEIPT\nreceipt-id:r\n\n^@");
        byte[] whole = Wire.deflated(Transcript.bytes("SEND\ndestination:/topic/a\n\none^@"));
        client.sends(
                WsFrame.of(WsFrame.TEXT, Arrays.copyOf(whole, 9)).reserved(RSV1).notLast());
        client.sends(WsFrame.of(WsFrame.PING, "1".getBytes(UTF_8))).gotPong("1");
        client.sends(WsFrame.of(WsFrame.CONTINUATION, Arrays.copyOfRange(whole, 9, whole.length)));
        assertThat(message(client.frame()).text()).isEqualTo("one");

        client.sends(WsFrame.text("SEND\ndestination:/topic/a\n").notLast());
        client.sends(WsFrame.of(WsFrame.PING, "2".getBytes(UTF_8))).gotPong("2");
        client.sends(WsFrame.of(WsFrame.CONTINUATION, Transcript.bytes("\ntwo^@")));
        assertThat(message(client.frame()).text()).isEqualTo("two");
    }

    @Test
    void connectMayComeCompressed() {
        SERVER.webSocket(OFFER)
                .sends(compressed("CONNECT\naccept-version:1.2\nhost:a\n\n^@" + subscribe("0")))
                .gotStart("CONNECTED\nversion:1.2\n")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    void aClientThatIsHeldBackLosesNothing() {
        int count = 3_000;
        RawWebSocket alice = compressing().sends(subscribe("0")).got("RECEIPT\nreceipt-id:r\n\n^@");
        String frame = "SEND\ndestination:/topic/a\n\n" + "x".repeat(1_000) + "^@";
        RawWebSocket publisher = compressing();
        List<WsFrame> frames = new ArrayList<>();
        for (int i = 0; i < count; i += 1_000) {
            frames.add(compressed(frame.repeat(1_000)));
        }
        frames.add(compressed("SEND\ndestination:/topic/a\nlast:yes\n\n^@"));
        // a few KB, which the socket takes at once; what they inflate to comes as fast as the client may send
        publisher.sends(frames.toArray(WsFrame[]::new));
        publisher.tcp().shutdownOutput();

        for (int i = 0; i < count; i++) {
            assertThat(message(alice.frame()).body()).hasSize(1_000);
        }
        assertThat(message(alice.frame()).header("last")).isEqualTo("yes");
        publisher.tcp().ended();
    }

    // ---- bad ones ---------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "opcode {0}, bits {1}")
    @CsvSource({"9, 4", "8, 4", "1, 2", "1, 1"})
    @DisplayName("items 12, 27: bits where they must not be: 1002")
    void bitsOutOfPlaceAreRefused(int opcode, int bits) {
        compressing()
                .sends(WsFrame.of(opcode, new byte[] {0}).reserved(bits))
                .gotError("reserved bit")
                .gotClose(1002);
    }

    @Test
    @DisplayName("item 28: corrupt data: 1007")
    @Tag("case-26")
    void corruptDataIsRefused() {
        byte[] noise = new byte[1_000];
        new Random(1).nextBytes(noise);
        // block type 3 does not exist
        noise[0] = 7;
        compressing()
                .sends(WsFrame.of(WsFrame.TEXT, noise).reserved(RSV1))
                .gotError("corrupt compressed data")
                .gotClose(1007);
    }

    @Test
    @DisplayName("items 18, 28: text that is not UTF-8 once it is inflated: 1007")
    void compressedTextMustBeUtf8() {
        compressing()
                .sends(compressed(new byte[] {'\n', (byte) 0xC3}))
                .gotError("malformed UTF-8")
                .gotClose(1007);
    }

    @Test
    @DisplayName("item 29: a bomb ends at the limit, with 1009")
    @Tag("case-26")
    void bombsEndAtTheLimit() {
        RawWebSocket client = compressing();
        WsFrame bomb =
                WsFrame.of(WsFrame.BINARY, Wire.deflated(new byte[16 << 20])).reserved(RSV1);
        client.sends(bomb).gotError("message too large").gotClose(1009);
    }

    @Test
    @DisplayName("item 29: before CONNECTED the limit is that of frames before it")
    void bombsBeforeConnectEndEarlier() {
        SERVER.webSocket(OFFER)
                .sends(compressed(new byte[(64 << 10) + 1]))
                .gotError("message too large")
                .gotClose(1009);
    }

    // ---- memory -----------------------------------------------------------------------------------------------------

    /** Bytes of heap that a connection takes, once it has sent and been sent a message. */
    private static long heapOfAConnection(boolean compresses) {
        int count = 200;
        long before = HeapMeter.usedBytes();
        List<RawWebSocket> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(compresses ? compressing() : SERVER.connectedWebSocket());
        }
        for (int i = 0; i < count; i++) {
            String destination = "destination:/topic/own" + i + "\n";
            String frames =
                    "SUBSCRIBE\nid:0\n" + destination + "\n^@SEND\n" + destination + "\n" + "x".repeat(500) + "^@";
            all.get(i).sends(compresses ? compressed(frames) : WsFrame.text(frames));
            assertThat(all.get(i).frame().reserved()).isEqualTo(compresses ? RSV1 : 0);
        }
        long after = HeapMeter.usedBytes();
        SERVER.closeClients();
        Await.until("no session", () -> SERVER.broker().sessionCount() == 0);
        return (after - before) / count;
    }

    @Test
    void anIdleConnectionTakesAsMuchMemoryAsOneWithoutCompression() {
        heapOfAConnection(true);
        long plain = heapOfAConnection(false);
        long compressed = heapOfAConnection(true);

        assertThat(compressed - plain)
                .as("bytes more for each connection; %d without compression", plain)
                .isLessThan(1024);
    }
}
