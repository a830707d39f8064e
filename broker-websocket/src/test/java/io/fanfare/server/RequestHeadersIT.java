package io.fanfare.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.security.OriginPolicy;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of a handshake on several lines (RFC 9110 5.3), and the hosts that Host and Origin name. */
class RequestHeadersIT {

    private static final String CONNECTION = "Connection: Upgrade\r\n";
    private static final String UPGRADE = "Upgrade: websocket\r\n";
    private static final String HOST = "Host: 127.0.0.1\r\n";

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.admin(a -> a.port(0)));

    @RegisterExtension
    static final TestServer ONE_ORIGIN =
            new TestServer(options -> options.origins(new OriginPolicy(List.of("http://my_app:8080"))));

    private static Response answer(String request) {
        return RawWebSocket.handshake(SERVER.http(), request);
    }

    // ---- chunks ---------------------------------------------------------------------------------------------------

    /** The server of the test has none but its own lines in its log, or the test fails. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"zz\r\n{}\r\n", "-1\r\n{}\r\n", "2;x\r\n{}zz\r\n", "fffffffffffffffff\r\n{}"})
    void malformedChunksAreABadRequestAndNoStackTraceInTheLog(String chunks) {
        String request = " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
        int admin = SERVER.running().adminUri().orElseThrow().getPort();
        assertThat(status(SERVER.http(), "GET /ws" + request)).startsWith("HTTP/1.1 400 ");
        assertThat(status(SERVER.kept(RawTcp.connect(admin)), "GET /healthz" + request))
                .startsWith("HTTP/1.1 4");
    }

    private static String status(RawTcp client, String request) {
        return new String(client.sends(request.getBytes(ISO_8859_1)).readToEnd(), ISO_8859_1);
    }

    // ---- lists ----------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Connection: keep-alive\r\nConnection: Upgrade\r\n",
                "Connection: Upgrade\r\nConnection: keep-alive\r\n",
                "Connection: keep-alive, x\r\nconnection: close\r\nCONNECTION: y, upgrade\r\n"
            })
    void connectionOnSeveralLinesIsOneListInAnyOrder(String lines) {
        assertThat(answer(RawWebSocket.request().replace(CONNECTION, lines)).status())
                .isEqualTo(101);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Upgrade: h2c\r\nUpgrade: websocket\r\n",
                "Upgrade: websocket\r\nUpgrade: h2c\r\n",
                "Upgrade: h2c, WebSocket\r\n"
            })
    void upgradeOnSeveralLinesIsOneListInAnyOrder(String lines) {
        assertThat(answer(RawWebSocket.request().replace(UPGRADE, lines)).status())
                .isEqualTo(101);
    }

    @Test
    void listWithoutTheTokenIsNoUpgradeOnHoweverManyLines() {
        String lines = "Connection: keep-alive\r\nConnection: upgraded\r\n";

        assertThat(answer(RawWebSocket.request().replace(CONNECTION, lines)).status())
                .isEqualTo(426);
    }

    @Test
    void subProtocolsAndExtensionsOnSeveralLinesAreOneList() {
        String[] lines = {
            "Sec-WebSocket-Protocol: mqtt",
            "Sec-WebSocket-Extensions: permessage-deflate",
            "Sec-WebSocket-Protocol: v11.stomp",
            "Sec-WebSocket-Extensions: x-other",
            "Sec-WebSocket-Protocol: v12.stomp"
        };

        assertThat(SERVER.webSocket(lines).response().header("Sec-WebSocket-Protocol"))
                .containsExactly("v12.stomp");
    }

    // ---- single values --------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Host: 127.0.0.1",
                "host: evil.example",
                "Sec-WebSocket-Key: " + RawWebSocket.KEY,
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Version: 8"
            })
    void secondLineOfASingleHeaderIsABadRequest(String line) {
        Response response = answer(RawWebSocket.request(line));

        assertThat(response.status()).as("%s", response).isEqualTo(400);
        assertThat(response.body())
                .isEqualToIgnoringCase("the request has more than one " + line.substring(0, line.indexOf(':')) + "\n");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Origin: http://127.0.0.1", "Authorization: Bearer x", "Content-Length: 0"})
    void optionalHeadersComeOnceToo(String line) {
        assertThat(answer(RawWebSocket.request(line)).status()).isEqualTo(101);
        Response response = answer(RawWebSocket.request(line, line));

        assertThat(response.status()).as("%s", response).isEqualTo(400);
        assertThat(response.body()).contains("more than one " + line.substring(0, line.indexOf(':')));
    }

    @Test
    void pageCannotAddAnOriginThatIsAllowed() {
        assertThat(answer(RawWebSocket.request("Origin: http://127.0.0.1", "Origin: http://evil.example"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("the admin listener refuses a second Host, too")
    void adminListenerTakesOneHost() {
        int port = SERVER.running().adminUri().orElseThrow().getPort();
        RawTcp client = SERVER.kept(RawTcp.connect(port));
        Response response = RawWebSocket.handshake(
                client, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n");

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("the request has more than one Host\n");
    }

    // ---- names of hosts -------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "http://my_app:8080, my_app:15674",
        "http://my_app, my_app",
        "https://MY_APP:8443, my_app:15674",
        "http://_x._tcp.example_1.com, _x._tcp.example_1.com:15674",
        "http://a-.b--c:1, a-.b--c",
        "http://1.2.3.4.5, 1.2.3.4.5",
        "http://[::1]:3000, localhost:15674",
        "http://[FE80::1]:3000, [fe80::1]:15674"
    })
    void pageOfTheSameHostMayConnectWhateverItsName(String origin, String host) {
        assertThat(answer(withHost(host, origin)).status()).isEqualTo(101);
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "http://your_app:8080, my_app:15674",
        "http://my_app.evil.example, my_app",
        "http://my_app@evil.example, my_app",
        "http://evil.example#my_app, my_app",
        "http://my_app:8080, my_app@evil",
        "http://my_app:123456, my_app",
        "http:my_app, my_app",
        "my_app, my_app",
        "http://, my_app",
        "http://my app, my_app",
        "http://my_app, 'my_app,my_app'"
    })
    void pageOfAnotherHostMayNot(String origin, String host) {
        assertThat(answer(withHost(host, origin)).status()).isEqualTo(403);
    }

    @Test
    void allowedOriginMayHaveAnUnderscore() {
        assertThat(RawWebSocket.handshake(ONE_ORIGIN.http(), withHost("other:15674", "http://my_app:8080"))
                        .status())
                .isEqualTo(101);
        assertThat(RawWebSocket.handshake(ONE_ORIGIN.http(), withHost("other:15674", "http://my_app:8081"))
                        .status())
                .isEqualTo(403);
    }

    private static String withHost(String host, String origin) {
        return RawWebSocket.request("Origin: " + origin).replace(HOST, "Host: " + host + "\r\n");
    }
}
