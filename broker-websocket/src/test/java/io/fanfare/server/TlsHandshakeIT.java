package io.fanfare.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS handshakes that are late, cut, or none at all; each ends soon, quietly, and alone. */
class TlsHandshakeIT {

    /** Of TLS 1.3, as OpenSSL says it; without the key shares the server only needs to read it. */
    private static final byte[] CLIENT_HELLO = HexFormat.of()
            .parseHex("16030100e0010000dc0303" + "00".repeat(32) + "20" + "11".repeat(32) + "00021301" + "0100" + "0091"
                    + "002b000302030400330086" + "ab".repeat(134));

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.tls(Identity.SERVER.options()));

    /** Only those that are cut come here. */
    @RegisterExtension
    static final TestServer IMPATIENT = new TestServer(options ->
            options.tls(Identity.SERVER.options()).timeouts(t -> t.handshakeTimeout(Duration.ofMillis(500))));

    @RegisterExtension
    static final TestServer PLAIN = new TestServer();

    @RegisterExtension
    static final TestServer IMPATIENT_PLAIN =
            new TestServer(options -> options.timeouts(t -> t.handshakeTimeout(Duration.ofMillis(500))));

    @RegisterExtension
    static final TestServer ONLY_TLS_13 =
            new TestServer(options -> options.tls(Identity.SERVER.options().withProtocols(List.of("TLSv1.3"))));

    private static RawTcp plainSocket(TestServer server, Transport transport) {
        return transport == Transport.TCP ? server.tcp() : server.http();
    }

    private static void othersGoOn() {
        new TlsClients(SERVER, Identity.SERVER.trusted()).webSocket().connects();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 13: a socket that is opened and says nothing is cut at the handshake timeout")
    void silenceIsCut(Transport transport) {
        plainSocket(IMPATIENT, transport).ended();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 13: half a ClientHello, and then nothing, is cut at the handshake timeout")
    void halfAHandshakeIsCut(Transport transport) {
        plainSocket(IMPATIENT, transport)
                .sends(Arrays.copyOf(CLIENT_HELLO, 100))
                .ended();
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 11: a ClientHello that comes byte by byte is cut at the handshake timeout")
    void slowHandshakeIsCut(Transport transport) {
        RawTcp slow = plainSocket(IMPATIENT, transport);

        assertThatThrownBy(() -> {
                    for (byte each : CLIENT_HELLO) {
                        slow.sends(new byte[] {each});
                        slow.silentFor(Duration.ofMillis(25));
                    }
                })
                .isInstanceOfAny(AssertionError.class, UncheckedIOException.class);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    @DisplayName("case 13: a handshake of which the client's last word is missing is cut at the handshake timeout")
    void missingLastWordIsCut(Transport transport) throws IOException {
        int port = transport == Transport.TCP
                ? IMPATIENT.running().tcpPort()
                : IMPATIENT.running().webSocketPort();
        TlsClients.Wire wire = new TlsClients.Wire(port, false);
        wire.holdBehindFirst();
        try {
            new TlsClients(IMPATIENT, Identity.SERVER.trusted(), "TLSv1.3")
                    .connectOver(wire)
                    .ended();
        } catch (UncheckedIOException e) {
            // cut before the client had come to its last word
        }
    }

    @Test
    @DisplayName("case 27: HTTP on the TLS port is answered with a short page that says so")
    void httpOnTheTlsPortIsToldSo() {
        RawTcp client = SERVER.http().sends(RawWebSocket.request().getBytes(ISO_8859_1));
        RawWebSocket.Response response = RawWebSocket.response(client);

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("this port speaks TLS: connect with wss:// or https://\n");
    }

    @Test
    @DisplayName("case 27: plain STOMP on the TLS port is answered with an ERROR that says so")
    void plainStompOnTheTlsPortIsToldSo() {
        SERVER.tcp()
                .sends("CONNECT\naccept-version:1.2\nhost:a\n\n^@")
                .got("ERROR\nmessage:TLS needed\n\nthis port speaks TLS^@")
                .ended();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n\n\n\n\n\n\n\n",
                "\0\0\0\0\0\0\0\0\0\0\0",
                "hello, who is there?",
                "\u0016\u0003\u0001\u00ff\u00ff\u00ff"
            })
    @DisplayName("case 27: bytes that mean nothing end a TLS connection, and nothing is logged that looks like a fault")
    void nonsenseEndsTheConnection(String nonsense) {
        for (Transport transport : Transport.values()) {
            RawTcp client = plainSocket(SERVER, transport).sends(nonsense.getBytes(ISO_8859_1));
            client.shutdownOutput();
            try {
                assertThat(client.readToEnd()).hasSizeLessThan(100);
            } catch (UncheckedIOException e) {
                assertThat(e).hasMessageContaining("reset");
            }
        }
        othersGoOn();
    }

    @Test
    @DisplayName("case 27: a ClientHello on the plain ports has a short clean end, and no stack trace is logged")
    void clientHelloOnThePlainPorts() {
        RawTcp tcp = PLAIN.tcp().sends(CLIENT_HELLO);
        assertThat(new String(tcp.readToEnd(), ISO_8859_1))
                .startsWith("ERROR\n")
                .hasSizeLessThan(300);

        RawTcp http = PLAIN.http().sends(CLIENT_HELLO);
        http.shutdownOutput();
        assertThat(new String(http.readToEnd(), ISO_8859_1))
                .hasSizeLessThan(500)
                .doesNotContain("Exception");
        TlsClients wrong = new TlsClients(IMPATIENT_PLAIN, Identity.SERVER.trusted());
        assertThatThrownBy(wrong::tcp).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(wrong::http).isInstanceOf(UncheckedIOException.class);
        PLAIN.connectedWebSocket();
    }

    @Test
    void versionsThatAreOffAreRefused() {
        TlsClients old = new TlsClients(ONLY_TLS_13, Identity.SERVER.trusted(), "TLSv1.2");

        assertThatThrownBy(old::tcp).isInstanceOf(UncheckedIOException.class).hasMessageContaining("protocol_version");
        new TlsClients(ONLY_TLS_13, Identity.SERVER.trusted(), "TLSv1.3").tcp().connects();
    }

    @Test
    @DisplayName("case 13: while handshakes hang, others are made")
    void hangingHandshakesAreNobodysBusiness() {
        for (int i = 0; i < 200; i++) {
            plainSocket(SERVER, Transport.values()[i % 2]).sends(Arrays.copyOf(CLIENT_HELLO, i));
        }
        othersGoOn();
    }

    @Test
    void closingTheServerDoesNotWaitForHandshakes() {
        othersGoOn();
        List<String> before = Jvm.serverThreads();
        FanfareServer server =
                FanfareServer.builder().port(0).tls(Identity.SERVER.options()).start();
        for (int i = 0; i < 20; i++) {
            SERVER.kept(RawTcp.connect(i % 2 == 0 ? server.tcpPort() : server.webSocketPort()))
                    .sends(CLIENT_HELLO);
        }
        server.close();

        assertThat(Jvm.serverThreads()).isEqualTo(before);
    }

    @Test
    void plainStompCanStayPlain() {
        try (FanfareServer server = FanfareServer.builder()
                        .port(0)
                        .tls(Identity.SERVER.options().withTcp(false))
                        .start();
                Socket socket = RawTcp.connect(server.tcpPort()).connects().socket()) {
            assertThat(server.webSocketUri().getScheme()).isEqualTo("wss");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
