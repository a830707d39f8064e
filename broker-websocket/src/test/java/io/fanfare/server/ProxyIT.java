package io.fanfare.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.security.Principal;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose connection it is, when a proxy stands in front. The loopback's first address is a trusted one, others are not. */
class ProxyIT {

    private static final String STRANGER = "127.0.0.9";

    /** The addresses that the authenticator was told. */
    private static final BlockingQueue<String> ADDRESSES = new LinkedBlockingQueue<>();

    private static UnaryOperator<FanfareServerBuilder> trusting() {
        BrokerOptions broker = BrokerOptions.builder()
                .auth(a -> a.authenticator(credentials -> {
                    ADDRESSES.add(credentials.handshake().address());
                    return CompletableFuture.completedFuture(Principal.of(""));
                }))
                .build();
        return options -> options.broker(broker)
                .limits(l -> l.maxConnectionsPerAddress(1))
                .proxies(p ->
                        p.trustedProxies(List.of(AddressRange.parse("127.0.0.1"), AddressRange.parse("10.0.0.0/8"))));
    }

    @RegisterExtension
    static final TestServer HTTP = new TestServer(trusting());

    @RegisterExtension
    static final TestServer PROXIED =
            new TestServer(options -> trusting().apply(options).proxies(p -> p.proxyProtocol(true)));

    /** Only those that are cut come here. */
    @RegisterExtension
    static final TestServer IMPATIENT = new TestServer(options -> trusting()
            .apply(options)
            .proxies(p -> p.proxyProtocol(true))
            .timeouts(t -> t.handshakeTimeout(Duration.ofMillis(300))));

    @AfterEach
    void forget() {
        ADDRESSES.clear();
    }

    private static String seen() {
        try {
            return String.valueOf(ADDRESSES.poll(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String seen(RawTcp http, String... forwardedFor) {
        String[] lines = new String[forwardedFor.length];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "X-Forwarded-For: " + forwardedFor[i];
        }
        RawWebSocket.open(http, lines).connects();
        return seen();
    }

    @Nested
    class ForwardedFor {

        @ParameterizedTest(name = "{0}")
        @DisplayName("case 14: the last address that no proxy of ours has is the client's")
        @CsvSource(
                delimiter = '|',
                value = {
                    "192.0.2.7|192.0.2.7",
                    "6.6.6.6, 192.0.2.7|192.0.2.7",
                    "6.6.6.6, 192.0.2.7, 10.1.2.3|192.0.2.7",
                    "192.0.2.7:4711|192.0.2.7",
                    "2001:db8::7|2001:db8:0:0:0:0:0:7",
                    "[2001:db8::7]:4711|2001:db8:0:0:0:0:0:7",
                    "::ffff:192.0.2.7|192.0.2.7",
                    "10.9.9.9|10.9.9.9",
                    "6.6.6.6, unknown|127.0.0.1",
                    "6.6.6.6, unknown, 10.1.2.3|10.1.2.3",
                    "evil.example|127.0.0.1",
                    "1.2.3|127.0.0.1",
                    "1.2.3.400|127.0.0.1",
                    ",|127.0.0.1",
                })
        void theLastThatIsNotOurs(String header, String client) {
            assertThat(seen(HTTP.http(), header)).isEqualTo(client);
        }

        @Test
        void severalLinesAreOne() {
            assertThat(seen(HTTP.http(), "6.6.6.6", "192.0.2.7, 10.1.2.3")).isEqualTo("192.0.2.7");
        }

        @Test
        void whoIsNoProxyOfOursSpeaksForItself() {
            RawTcp stranger =
                    HTTP.kept(RawTcp.connectFrom(STRANGER, HTTP.running().webSocketPort()));
            assertThat(seen(stranger, "192.0.2.7")).isEqualTo(STRANGER);
        }

        @Test
        void withoutTheHeaderItIsThePeer() {
            assertThat(seen(HTTP.http())).isEqualTo("127.0.0.1");
        }

        @Test
        @DisplayName("case 14: limits are for clients, not for the proxy they come by")
        void limitsAreForClients() {
            seen(HTTP.http(), "192.0.2.1");
            seen(HTTP.http(), "192.0.2.2");
            seen(HTTP.http(), "2001:db8:1:1::1");
            seen(HTTP.http(), "2001:db8:1:2::1");
            for (String again : List.of("192.0.2.1", "2001:db8:1:1:ffff::9")) {
                RawWebSocket.Response response =
                        RawWebSocket.handshake(HTTP.http(), RawWebSocket.request("X-Forwarded-For: " + again));
                assertThat(response.status()).isEqualTo(503);
            }
        }
    }

    @Nested
    class ProxyProtocol {

        private static byte[] v2(int command, int family, byte[] rest) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a"));
            out.write(command);
            out.write(family);
            out.writeBytes(ByteBuffer.allocate(2).putShort((short) rest.length).array());
            out.writeBytes(rest);
            return out.toByteArray();
        }

        private static byte[] addresses(String from, String to, String more) {
            try {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.writeBytes(InetAddress.getByName(from).getAddress());
                out.writeBytes(InetAddress.getByName(to).getAddress());
                out.writeBytes(HexFormat.of().parseHex("1267f1e6" + more));
                return out.toByteArray();
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        }

        @ParameterizedTest(name = "{0}")
        @DisplayName("case 14: PROXY protocol, version 1")
        @CsvSource(
                delimiter = '|',
                value = {
                    "PROXY TCP4 192.0.2.7 127.0.0.1 4711 61613|192.0.2.7",
                    "PROXY TCP6 2001:db8::7 ::1 4711 61613|2001:db8:0:0:0:0:0:7",
                    "PROXY UNKNOWN|127.0.0.1",
                    "PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535|127.0.0.1",
                })
        void version1(String line, String client) {
            byte[] header = (line + "\r\n").getBytes(US_ASCII);
            PROXIED.tcp().sends(header).connects();
            assertThat(seen()).isEqualTo(client);
        }

        @Test
        @DisplayName("case 14: PROXY protocol, version 2")
        void version2() {
            PROXIED.tcp()
                    .sends(v2(0x21, 0x11, addresses("192.0.2.7", "127.0.0.1", "")))
                    .connects();
            assertThat(seen()).isEqualTo("192.0.2.7");
            PROXIED.tcp()
                    .sends(v2(0x21, 0x21, addresses("2001:db8::7", "::1", "")))
                    .connects();
            assertThat(seen()).isEqualTo("2001:db8:0:0:0:0:0:7");
        }

        @Test
        void whatAProxyAddsIsSkipped() {
            PROXIED.tcp()
                    .sends(v2(0x21, 0x11, addresses("192.0.2.8", "127.0.0.1", "03000400000000" + "00".repeat(1_000))))
                    .connects();
            assertThat(seen()).isEqualTo("192.0.2.8");
        }

        @Test
        void aProxyMayConnectForItself() {
            PROXIED.tcp().sends(v2(0x20, 0, new byte[0])).connects();
            assertThat(seen()).isEqualTo("127.0.0.1");
        }

        @Test
        void aHeaderAndAHandshakeMayComeInPieces() {
            RawTcp http = PROXIED.http();
            byte[] bytes = v2(0x21, 0x11, addresses("192.0.2.7", "127.0.0.1", ""));
            for (byte each : bytes) {
                http.sends(new byte[] {each});
            }
            assertThat(seen(http)).isEqualTo("192.0.2.7");
        }

        @Test
        void aHeaderAndWhatFollowsMayComeAtOnce() {
            PROXIED.tcp()
                    .sends("PROXY TCP4 192.0.2.7 127.0.0.1 4711 61613\r\nCONNECT\naccept-version:1.2\nhost:a\n\n^@")
                    .gotStart("CONNECTED\n");
            assertThat(seen()).isEqualTo("192.0.2.7");
        }

        @Test
        void aProxyBehindAProxy() {
            RawTcp http = PROXIED.http().sends("PROXY TCP4 10.0.0.1 127.0.0.1 4711 80\r\n");
            assertThat(seen(http, "192.0.2.7")).isEqualTo("192.0.2.7");
            RawTcp stranger = PROXIED.http().sends("PROXY TCP4 192.0.2.8 127.0.0.1 4711 80\r\n");
            assertThat(seen(stranger, "192.0.2.9")).isEqualTo("192.0.2.8");
        }

        @Test
        void whoIsNoProxyOfOursNeedsNone() {
            PROXIED.kept(RawTcp.connectFrom(STRANGER, PROXIED.running().tcpPort()))
                    .connects();
            assertThat(seen()).isEqualTo(STRANGER);
        }

        @Test
        void norIsItsHeaderBelieved() {
            PROXIED.kept(RawTcp.connectFrom(STRANGER, PROXIED.running().tcpPort()))
                    .sends("PROXY TCP4 192.0.2.7 127.0.0.1 4711 61613\r\n")
                    .gotStart("ERROR\n")
                    .ended();
        }

        @ParameterizedTest(name = "{0}")
        @ValueSource(
                strings = {
                    "CONNECT\naccept-version:1.2\n\n",
                    "GET /ws HTTP/1.1\r\nHost: a\r\n\r\n",
                    "PROXY TCP4 192.0.2.7 127.0.0.1 4711\r\n",
                    "PROXY TCP4 evil.example 127.0.0.1 4711 61613\r\n",
                    "PROXY TCP4 192.0.2.7 127.0.0.1 99999 61613\r\n",
                    "PROXY TCP4 192.0.2.7 127.0.0.1 4711 61613\n",
                    "PROXY              \r\n",
                    "PROXY TCP4 192.0.2.7 127.0.0.1 4711 61613 "
                            + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                })
        void anythingElseIsCut(String bytes) {
            IMPATIENT.tcp().sends(bytes.getBytes(US_ASCII)).ended();
        }

        @Test
        void brokenBinaryHeadersAreCut() {
            IMPATIENT.tcp().sends(v2(0x21, 0x11, new byte[3])).ended();
            IMPATIENT.tcp().sends(v2(0x2F, 0x11, new byte[12])).ended();
            IMPATIENT.tcp().sends(v2(0x21, 0x11, new byte[60_000])).ended();
        }

        @ParameterizedTest(name = "[{0}]")
        @DisplayName("case 11: half a header and silence")
        @ValueSource(strings = {"", "PROXY", "PROXY TCP4 192.0.2.7 "})
        void halfAHeaderIsCut(String half) {
            IMPATIENT.tcp().sends(half.getBytes(US_ASCII)).ended();
        }
    }
}
