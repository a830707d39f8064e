package io.fanfare.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import io.fanfare.testing.Transcript;
import io.fanfare.testing.WsFrame;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The WebSocket handshake (RFC 6455 4), byte for byte. */
class HandshakeIT {

    private static final String PROTOCOL = "Sec-WebSocket-Protocol";

    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Test
    @DisplayName("item 9: the accept value belongs to the key")
    void acceptValueBelongsToTheKey() {
        Response response = SERVER.webSocket().response();

        assertThat(response.lines().get(0)).isEqualTo("HTTP/1.1 101 Switching Protocols");
        assertThat(response.header("Sec-WebSocket-Accept")).containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(response.header("Upgrade")).containsExactlyInAnyOrder("websocket");
        assertThat(response.header("Connection")).containsExactly("Upgrade");
        assertThat(response.header("Transfer-Encoding")).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "/ws",
                "/stomp",
                "/ws?token=%20a&b",
                "/stomp?",
                "/ws/",
                "/ws/websocket",
                "/ws/websocket?t=1",
                "/stomp/",
                "/stomp/websocket"
            })
    void endpointHasTwoPathsInThreeSpellingsAndAnyQuery(String path) {
        assertThat(refused(RawWebSocket.request().replace("/ws", path), 101).body())
                .isEmpty();
    }

    // ---- sub-protocols --------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"v10.stomp", "v11.stomp", "v12.stomp", "stomp", "V12.STOMP"})
    @DisplayName("item 1: one supported name is echoed, byte for byte")
    void oneSupportedNameIsEchoed(String offered) {
        assertThat(chosen(PROTOCOL + ": mqtt, " + offered)).isEqualTo(offered);
    }

    @Test
    @DisplayName("item 2: no sub-protocol offered, none answered; CONNECT alone tells the version")
    void noneOfferedNoneAnswered() {
        RawWebSocket client = SERVER.webSocket();

        assertThat(client.response().header(PROTOCOL)).isEmpty();
        client.sends("CONNECT\naccept-version:1.1\nhost:a\n\n^@").gotStart("CONNECTED\nversion:1.1\n");
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"mqtt", "mqtt, wamp.2.json", "v13.stomp", "stompx", "v12.stomp2", "\u00e9\u00fc"})
    @DisplayName("item 3: only unsupported names offered: 400, and no name in the answer")
    @Tag("case-4")
    @Tag("advisory-47")
    void onlyUnsupportedNamesAreRefused(String offered) {
        Response response = refused(RawWebSocket.request(PROTOCOL + ": " + offered), 400);

        assertThat(response.header(PROTOCOL)).isEmpty();
        assertThat(response.body()).contains("v12.stomp", "v11.stomp", "v10.stomp");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "v10.stomp, v11.stomp, v12.stomp",
                "v12.stomp, v11.stomp, v10.stomp",
                "v11.stomp, v12.stomp, v10.stomp",
                "stomp, mqtt, v12.stomp"
            })
    @DisplayName("item 4: the highest version wins in any order")
    @Tag("case-5")
    void highestVersionWins(String offered) {
        assertThat(chosen(PROTOCOL + ": " + offered)).isEqualTo("v12.stomp");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            value = {"stomp|stomp", "STOMP|STOMP", "Stomp|Stomp", "Stomp, v10.stomp|v10.stomp", "STOMP, stomp|STOMP"})
    @DisplayName("item 5: plain stomp, in any case, comes last and is echoed as spelled")
    void plainStompComesLast(String offered, String chosen) {
        assertThat(chosen(PROTOCOL + ": " + offered)).isEqualTo(chosen);
    }

    @Test
    @DisplayName("item 6: a list over two header lines, with blanks and duplicates, is one list")
    void listOverTwoLinesIsOneList() {
        assertThat(chosen(PROTOCOL + ":   v10.stomp ,\t v10.stomp,,", PROTOCOL + ": v11.stomp  ,  v10.stomp"))
                .isEqualTo("v11.stomp");
    }

    @Test
    @DisplayName("item 6: sevenThousandBlanks between two names cost nothing")
    @Tag("advisory-46")
    void manyBlanksCostNothing() {
        assertThat(chosen(PROTOCOL + ": v10.stomp," + " ".repeat(7000) + "v11.stomp"))
                .isEqualTo("v11.stomp");
    }

    @Test
    @DisplayName("item 7: CONNECT decides, whatever the sub-protocol")
    @Tag("case-6")
    void connectDecides() {
        RawWebSocket client = SERVER.webSocket(PROTOCOL + ": v11.stomp");

        client.sends("CONNECT\naccept-version:1.2\nhost:a\n\n^@").gotStart("CONNECTED\nversion:1.2\n");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"permessage-deflate", "permessage-deflate; client_max_window_bits", "x-webkit-deflate-frame"})
    @DisplayName("item 25, case 26: an extension that nobody knows is not in the answer")
    void unknownExtensionsAreNotAnswered(String offered) {
        assertThat(SERVER.webSocket("Sec-WebSocket-Extensions: " + offered)
                        .response()
                        .header("Sec-WebSocket-Extensions"))
                .isEmpty();
    }

    @Test
    @DisplayName("item 25: no extension offered, none answered")
    void noExtensionOfferedNoneAnswered() {
        assertThat(SERVER.webSocket().response().header("Sec-WebSocket-Extensions"))
                .isEmpty();
    }

    // ---- refusals -------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "version {0}")
    @ValueSource(strings = {"8", "0", "14", "x", "13, 8"})
    @DisplayName("item 8: another WebSocket version: 426, with the one that is spoken")
    void otherVersionsAreRefused(String version) {
        Response response = refused(RawWebSocket.request().replace("Version: 13", "Version: " + version), 426);

        assertThat(response.header("Sec-WebSocket-Version")).containsExactly("13");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "/",
                "/WS",
                "/ws//",
                "/ws/websocket/",
                "/ws/websocketx",
                "/wsx",
                "/stomp/info",
                "/../../etc/passwd",
                "/%77s/..",
                "*",
                "/ws%00"
            })
    @DisplayName("item 9: a wrong path: 404")
    @Tag("case-7")
    @Tag("advisory-26")
    void wrongPathIsNotFound(String path) {
        refused(RawWebSocket.request().replace("GET /ws ", "GET " + path + " "), 404);
    }

    @Test
    @DisplayName("item 9: a plain GET gets an answer at once, that says what this is")
    void plainGetIsTold() {
        Response response = refused("GET /ws HTTP/1.1\r\nHost: a\r\n\r\n", 426);

        assertThat(response.header("Upgrade")).containsExactly("websocket");
        assertThat(response.header("Content-Type").get(0)).startsWith("text/plain");
        assertThat(response.body()).contains("WebSocket", "STOMP");
    }

    @ParameterizedTest(name = "Origin: {0}")
    @ValueSource(
            strings = {
                "http://evil.example",
                "null",
                "http://127.0.0.1.evil.example",
                "http://evil.example/127.0.0.1",
                "http://127.0.0.1@evil.example",
                "file://",
                "http://[",
                "127.0.0.1"
            })
    @DisplayName("item 10, cases 1, 2, 3, advisory 7: a page from elsewhere: 403")
    void foreignOriginsAreForbidden(String origin) {
        refused(RawWebSocket.request("Origin: " + origin), 403);
    }

    @ParameterizedTest(name = "Origin: {0}")
    @ValueSource(strings = {"http://127.0.0.1", "https://127.0.0.1:8443", "http://localhost:3000", "http://[::1]"})
    @DisplayName("item 10: a page from here, whatever its port, is let in")
    void sameOriginIsLetIn(String origin) {
        refused(RawWebSocket.request("Origin: " + origin), 101);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "Sec-WebSocket-Key: " + RawWebSocket.KEY + "\r\n=>",
                RawWebSocket.KEY + "=>short",
                RawWebSocket.KEY + "=>dGhlIHNhbXBsZSBub25jZQ=",
                RawWebSocket.KEY + "=>!!!!!!!!!!!!!!!!!!!!!!==",
                "GET =>POST ",
                "GET =>OPTIONS ",
                "GET =>PRI ",
                " HTTP/1.1=> HTTP/1.0",
                "Host: 127.0.0.1\r\n=>",
                "Host: 127.0.0.1\r\n=>Host: 127.0.0.1\r\nContent-Length: 3\r\n",
                "Host: 127.0.0.1\r\n=>Host: 127.0.0.1\r\nContent-Length: 0\r\nContent-Length: 3\r\n",
                "Host: 127.0.0.1\r\n=>Host: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n",
                "Host: 127.0.0.1\r\n=>Host: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
            })
    @Tag("case-8")
    @Tag("case-9")
    void malformedHandshakesAreBadRequests(String change) {
        String[] fromTo = change.split("=>", -1);
        String request = RawWebSocket.request();
        assertThat(request).contains(fromTo[0]);

        assertThat(refused(request.replace(fromTo[0], fromTo[1]), 400).body()).doesNotContain("Exception", "\tat ");
    }

    @Test
    @Tag("case-9")
    void bodyBehindARefusedPostChangesNothing() {
        String body = "x".repeat(1000);

        refused("POST /ws HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + body, 400);
    }

    @Test
    @Tag("case-9")
    void bareLineFeedsAreABadRequest() {
        refused(RawWebSocket.request().replace("\r\n", "\n"), 400);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Upgrade: websocket", "Connection: Upgrade"})
    void withoutUpgradeThereIsNoUpgrade(String line) {
        refused(RawWebSocket.request().replace(line + "\r\n", ""), 426);
    }

    @Test
    void tokensOfUpgradeAndConnectionAreOnesOfAList() {
        String request = RawWebSocket.request()
                .replace("Connection: Upgrade", "Connection: keep-alive, upgrade")
                .replace("Upgrade: websocket", "Upgrade: WebSocket");

        refused(request, 101);
    }

    @Test
    @Tag("case-10")
    @Tag("advisory-45")
    void headersOfEightKibibytesAreTakenAndOneByteMoreIsNot() {
        int rest = (8 << 10) - RawWebSocket.request("Cookie: ").length();

        assertThat(withCookieOf(rest).status()).isEqualTo(101);
        Response response = withCookieOf(rest + 1);
        assertThat(response.status()).isEqualTo(431);
        assertThat(response.body())
                .isEqualTo("the request's headers are larger than 8,192 B (max_request_header_bytes)\n");
    }

    private static Response withCookieOf(int bytes) {
        return RawWebSocket.handshake(SERVER.http(), RawWebSocket.request("Cookie: " + "x".repeat(bytes)));
    }

    @Test
    @Tag("case-10")
    @Tag("advisory-45")
    void manyHeadersAreRefused() {
        String[] lines = new String[3000];
        Arrays.fill(lines, "a: b");

        assertThat(RawWebSocket.handshake(SERVER.http(), RawWebSocket.request(lines))
                        .status())
                .isIn(400, 431);
    }

    @Test
    void javasOwnClientSaysThatItSendsNoBody() {
        refused(RawWebSocket.request("Content-Length: 0"), 101);
    }

    /** RFC 6455 4.1 forbids it, but nothing of it may get lost or be taken for HTTP. */
    @ParameterizedTest(name = "[{0}], after {1} octets alone")
    @CsvSource({"X: y, 0", "X: y, 30", "Content-Length: 0, 0"})
    void framesRightBehindTheRequestAreNotLost(String line, int first) {
        RawTcp tcp = SERVER.http();
        byte[] request = RawWebSocket.request(line).getBytes(ISO_8859_1);
        byte[] connect =
                WsFrame.text("CONNECT\naccept-version:1.2\nhost:a\n\n^@").bytes();
        byte[] both = Arrays.copyOf(request, request.length + connect.length);
        System.arraycopy(connect, 0, both, request.length, connect.length);

        tcp.sends(Arrays.copyOf(both, first)).sends(Arrays.copyOfRange(both, first, both.length));

        assertThat(RawWebSocket.response(tcp).status()).isEqualTo(101);
        assertThat(Transcript.text(tcp.read(30))).contains("CONNECTED");
    }

    @Test
    void requestMayComeByteByByte() {
        RawTcp tcp = SERVER.http();
        for (char c : RawWebSocket.request().toCharArray()) {
            tcp.sends(new byte[] {(byte) c});
        }

        assertThat(RawWebSocket.response(tcp).status()).isEqualTo(101);
    }

    private static Response refused(String request, int status) {
        Response response = RawWebSocket.handshake(SERVER.http(), request);
        assertThat(response.status()).as("%s", response).isEqualTo(status);
        assertThat(response.body()).doesNotContain("Exception", "<html");
        return response;
    }

    private static String chosen(String... requestLines) {
        Response response = SERVER.webSocket(requestLines).response();
        assertThat(response.header(PROTOCOL)).hasSize(1);
        return response.header(PROTOCOL).get(0);
    }
}
