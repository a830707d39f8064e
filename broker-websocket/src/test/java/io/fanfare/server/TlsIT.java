package io.fanfare.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Frame;
import io.fanfare.frame.FrameLimits;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.Transport;
import io.fanfare.testing.WsFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** STOMP over WebSocket and TCP, both over TLS: what is the same, and how TLS begins and ends. */
class TlsIT {

    private static final int MEBIBYTE = 1 << 20;
    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@";
    private static final String SUBSCRIBED = "RECEIPT\nreceipt-id:r\n\n^@";

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.tls(Identity.SERVER.options())
            .broker(BrokerOptions.builder()
                    .limits(l -> l.frameLimits(FrameLimits.DEFAULT.withMaxFrameBytes(2 * MEBIBYTE)))
                    .build()));

    private static TlsClients clients(String... protocols) {
        return new TlsClients(SERVER, Identity.SERVER.trusted(), protocols);
    }

    private static StompSocket open(Transport transport, String protocol) {
        return transport == Transport.TCP
                ? StompSocket.over(clients(protocol).tcp())
                : StompSocket.over(clients(protocol).webSocket());
    }

    @Test
    void javasOwnClientSpeaksWss() throws Exception {
        URI uri = SERVER.running().webSocketUri();
        assertThat(uri.getScheme()).isEqualTo("wss");
        CompletableFuture<Frame> got = new CompletableFuture<>();
        try (StompClient client =
                StompClient.builder(uri).sslContext(Identity.SERVER.trusted()).connect()) {
            client.subscribe("/topic/a", got::complete).confirmed().join();
            client.send("/topic/a", "über TLS").join();

            assertThat(got.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS).bodyAsString())
                    .isEqualTo("über TLS");
        }
    }

    @Test
    void clientThatDoesNotTrustTheServerSaysSo() {
        URI uri = SERVER.running().webSocketUri();

        assertThatThrownBy(() -> StompClient.connect(uri))
                .isInstanceOf(StompException.class)
                .hasMessage(
                        "TLS with " + uri + " failed: no authority that is trusted here has signed its certificate");
    }

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource({"WEBSOCKET,TLSv1.3", "WEBSOCKET,TLSv1.2", "TCP,TLSv1.3", "TCP,TLSv1.2"})
    void stompIsTheSame(Transport transport, String protocol) {
        StompSocket client = open(transport, protocol).connects("1.2").subscribes("id:0\ndestination:/topic/a");

        client.sends("SEND\ndestination:/topic/a\n\nhi^@");
        client.gotMessage("hi");
        client.sends("DISCONNECT\nreceipt:bye\n\n^@").got("RECEIPT\nreceipt-id:bye\n\n^@");
        client.gotEnd(1000);
    }

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource({"WEBSOCKET,TLSv1.3", "WEBSOCKET,TLSv1.2", "TCP,TLSv1.3", "TCP,TLSv1.2"})
    void bodiesOfAMebibyteComeAndGoWhole(Transport transport, String protocol) {
        StompSocket client = open(transport, protocol).connects("1.2").subscribes("id:0\ndestination:/topic/a");
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 5; i++) {
            String body = letters(random, MEBIBYTE + random.nextInt(MEBIBYTE / 2));

            client.sends("SEND\ndestination:/topic/a\ncontent-length:" + body.length() + "\n\n" + body + "^@");
            client.gotMessage(body);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void thousandsOfSmallFramesKeepTheirOrder(Transport transport) {
        StompSocket client = open(transport, "TLSv1.3").connects("1.2").subscribes("id:0\ndestination:/topic/a");
        int count = 5000;
        Thread sender = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                client.sends("SEND\ndestination:/topic/a\n\n" + i + "^@");
            }
        });
        sender.start();

        for (int i = 0; i < count; i++) {
            client.gotMessage(String.valueOf(i));
        }
    }

    /** What the socket refuses of one write lies between two of the broker's, or within a record: nothing may be missing. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void hesitantReaderGetsEveryByteOnce(String protocol) {
        int messages = 300;
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        RawTcp tcp =
                clients(protocol).connectWithSmallReceiveBuffer(SERVER.running().tcpPort());
        tcp.connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        Random sizes = new Random(seed);
        for (int i = 0; i < messages; i++) {
            SERVER.broker().publish("/topic/a", Headers.EMPTY, body(i, sizes.nextInt(25_000)));
        }

        Random same = new Random(seed);
        for (int i = 0; i < messages; i++) {
            String frame = tcp.frame();
            assertThat(frame).endsWith("\n\n" + new String(body(i, same.nextInt(25_000)), UTF_8) + "^@");
        }
    }

    @Test
    @DisplayName("frames behind the request, in the same TLS record, are not lost")
    void framesInTheRecordOfTheRequestAreNotLost() {
        RawTcp tcp = clients()
                .http()
                .sends(join(
                        RawWebSocket.request().getBytes(ISO_8859_1),
                        WsFrame.text("CONNECT\naccept-version:1.2\nhost:a\n\n^@")
                                .bytes()));

        assertThat(RawWebSocket.response(tcp).status()).isEqualTo(101);
        assertThat(Transcript.text(tcp.read(30))).contains("CONNECTED");
    }

    /** The server reads all of it at once. */
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void recordsRightBehindTheHandshakeAndTheRequestAreNotLost(String protocol) throws IOException {
        TlsClients.Wire wire = new TlsClients.Wire(SERVER.running().webSocketPort(), false);
        RawTcp tcp = clients(protocol).connectOver(wire);
        wire.hold();
        tcp.sends(RawWebSocket.request().getBytes(ISO_8859_1));
        tcp.sends(WsFrame.text("CONNECT\naccept-version:1.2\nhost:a\n\n^@").bytes());
        tcp.sends(WsFrame.text(SUBSCRIBE).bytes());
        wire.release();

        assertThat(RawWebSocket.response(tcp).status()).isEqualTo(101);
        assertThat(Transcript.text(tcp.read(30))).contains("CONNECTED");
    }

    /** In TLS 1.3 the client has the last word of the handshake, and may go on at once. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void whatComesWithTheLastWordOfTheHandshakeIsNotLost(Transport transport) throws IOException {
        int port = transport == Transport.TCP
                ? SERVER.running().tcpPort()
                : SERVER.running().webSocketPort();
        TlsClients.Wire wire = new TlsClients.Wire(port, false);
        wire.holdBehindFirst();
        RawTcp tcp = clients("TLSv1.3").connectOver(wire);
        String connect = "CONNECT\naccept-version:1.2\nhost:a\n\n^@";
        if (transport == Transport.TCP) {
            tcp.sends(connect);
        } else {
            tcp.sends(RawWebSocket.request().getBytes(ISO_8859_1));
            tcp.sends(WsFrame.text(connect).bytes());
        }
        wire.release();

        if (transport == Transport.WEBSOCKET) {
            assertThat(RawWebSocket.response(tcp).status()).isEqualTo(101);
        }
        assertThat(Transcript.text(tcp.read(30))).contains("CONNECTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
    void everythingMayComeByteByByte(String protocol) throws IOException {
        TlsClients.Wire wire = new TlsClients.Wire(SERVER.running().webSocketPort(), true);
        RawWebSocket client =
                RawWebSocket.open(clients(protocol).connectOver(wire)).connects();

        client.sends(SUBSCRIBE).got(SUBSCRIBED);
    }

    @Test
    void newKeysNowAndThenAreFine() throws IOException {
        RawTcp client = clients("TLSv1.3").tcp().connects();
        for (int i = 0; i < 20; i++) {
            ((SSLSocket) client.socket()).startHandshake();
            client.sends("BEGIN\ntransaction:t" + i + "\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
            client.sends("ABORT\ntransaction:t" + i + "\n\n^@");
        }
    }

    @Test
    @DisplayName("a flood of TLS 1.3 KeyUpdates ends its own connection and nobody else's")
    void floodOfKeyUpdatesEndsItsConnection() {
        RawTcp other = clients().tcp().connects();
        RawTcp flood = clients("TLSv1.3").tcp().connects();

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 5000; i++) {
                        ((SSLSocket) flood.socket()).startHandshake();
                    }
                    flood.read();
                })
                .isInstanceOfAny(IOException.class, UncheckedIOException.class);
        SERVER.awaitSessions(1);
        other.sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    @Test
    @DisplayName("renegotiation, which TLS 1.2 has, is refused")
    void renegotiationIsRefused() {
        RawTcp client = clients("TLSv1.2").tcp().connects();

        assertThatThrownBy(() -> {
                    ((SSLSocket) client.socket()).startHandshake();
                    client.read();
                })
                .isInstanceOfAny(IOException.class, UncheckedIOException.class);
        SERVER.awaitSessions(0);
    }

    @Test
    void sessionsAreResumed() throws IOException {
        TlsClients clients = clients("TLSv1.2");
        byte[] first = sessionId(clients.tcp().connects());
        byte[] second = sessionId(clients.tcp().connects());

        assertThat(second).isEqualTo(first);
    }

    private static byte[] sessionId(RawTcp client) {
        return ((SSLSocket) client.socket()).getSession().getId();
    }

    private static byte[] body(int number, int length) {
        return (number + ":" + "x".repeat(length)).getBytes(UTF_8);
    }

    private static String letters(Random random, int count) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append((char) ('a' + random.nextInt(26)));
        }
        return letters.toString();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
