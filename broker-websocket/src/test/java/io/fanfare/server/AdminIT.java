package io.fanfare.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The operator's HTTP port: health checks, and what it does not let itself be told. */
class AdminIT {

    private static final int MAX_CONNECTIONS = 64;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(builder -> builder.admin(a -> a.port(0))
            .broker(BrokerOptions.builder()
                    .memory(m -> m.maxMemoryBytes(1 << 20))
                    .build()));

    private final List<FanfareServer> servers = new ArrayList<>();

    @AfterEach
    void closeServers() {
        servers.forEach(FanfareServer::close);
    }

    // ---- what it answers --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"/healthz", "/readyz", "/readyz?verbose"})
    void aServerThatServesIsAliveAndReady(String path) {
        Response response = get(path);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("ok\n");
        assertThat(response.header("Content-Type")).containsExactly("text/plain;charset=utf-8");
        assertThat(response.header("Cache-Control")).containsExactly("no-store");
        assertThat(response.header("Server")).isEmpty();
    }

    @Test
    void headIsGetWithoutTheBody() {
        Response response = answer("HEAD /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Length")).containsExactly("3");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void http10IsSpokenToo() {
        assertThat(answer("GET /readyz HTTP/1.0\r\n\r\n").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("case 82: a memory alarm makes the server unready, not dead")
    void aMemoryAlarmMakesItUnready() {
        SERVER.broker().publish("/queue/q", Headers.EMPTY, new byte[2 << 20]);
        Response response = get("/readyz");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body()).startsWith("memory alarm: ").contains("max_memory_bytes");
        assertThat(get("/healthz").status()).isEqualTo(200);

        SERVER.connectedWebSocket()
                .sends("SUBSCRIBE\nid:0\ndestination:/queue/q\n\n^@")
                .gotStart("MESSAGE\n");
        Await.until("the server is ready", () -> get("/readyz").status() == 200);
    }

    // ---- what it refuses --------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"/", "/healthz/", "/HEALTHZ", "/../healthz", "/ws", "/%68ealthz", "*"})
    @DisplayName("case 88: another path is 404")
    void anotherPathIsNotFound(String path) {
        Response response = get(path);
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.body()).contains("/healthz or /readyz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "FOO"})
    @DisplayName("case 88: another method is 405")
    void anotherMethodIsNotAllowed(String method) {
        Response response = answer(method + " /readyz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.header("Allow")).containsExactly("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 3\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"})
    @DisplayName("case 88: a body is 413, also in chunks")
    void aBodyIsTooMuch(String rest) {
        assertThat(answer("GET /readyz HTTP/1.1\r\nHost: localhost\r\n" + rest).status())
                .isEqualTo(413);
    }

    @Test
    @DisplayName("case 88: headers of more than 8 KiB are 431")
    void headersAreLimited() {
        String rest = " HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(8 << 10) + "\r\n\r\n";
        assertThat(answer("GET /readyz" + rest).status()).isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /readyz HTTP/1.1\nHost: localhost\n\n", "GET /readyz HTTP/1.1\r\n\r\n"})
    @DisplayName("case 88: what is malformed is 400")
    void whatIsMalformedIsABadRequest(String request) {
        assertThat(answer(request).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:15672",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "192.0.2.1",
                "[2001:db8::1]:15672",
                "0.0.0.0",
                "evil.example:127.0.0.1",
                "2130706433",
                "user@localhost",
                "::1"
            })
    void aRequestForAnotherHostIsMisdirected(String host) {
        Response response = answer("GET /readyz HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(response.status()).isEqualTo(421);
        assertThat(response.body()).contains("loopback");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LocalHost:80", "127.0.0.1", "127.8.9.10:15672", "[::1]", "[::1]:15672"})
    void everyNameOfTheLoopbackInterfaceIsOurs(String host) {
        assertThat(answer("GET /readyz HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
                .isEqualTo(200);
    }

    @Test
    void aSecondRequestOfOneConnectionIsNotAnswered() {
        RawTcp client = admin();
        String request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        Response response = RawWebSocket.handshake(client, request + request);
        assertThat(response.header("Connection")).containsExactly("close");
        assertThat(response.body()).isEqualTo("ok\n");
    }

    @Test
    void onlySoManyConnectionsAreOpenAtATime() {
        List<RawTcp> open = new ArrayList<>();
        for (int i = 0; i < MAX_CONNECTIONS; i++) {
            open.add(admin());
        }
        admin().ended();
        open.get(0).close();
        Await.until("there is room again", () -> {
            RawTcp again = admin();
            try {
                return RawWebSocket.handshake(again, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .status()
                        == 200;
            } catch (UncheckedIOException e) {
                // the server may not know yet that the first one has gone
                return false;
            }
        });
    }

    @Test
    void theClientsPortKnowsNothingOfHealth() {
        assertThat(RawWebSocket.handshake(SERVER.http(), "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(404);
    }

    // ---- where it listens -------------------------------------------------------------------------------------------

    @Test
    void itIsOffUnlessAskedFor() {
        List<String> before = adminThreads();
        FanfareServer server = kept(FanfareServer.builder().port(0).start());
        assertThat(server.adminUri()).isEmpty();
        assertThat(adminThreads()).isEqualTo(before);
    }

    @Test
    void anotherInterfaceThanLoopbackIsRefused() {
        assertThatThrownBy(() -> FanfareServer.builder()
                        .port(0)
                        .admin(a -> a.host("0.0.0.0").port(0))
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot listen on 0.0.0.0")
                .hasMessageContaining("allow_remote: true");
    }

    @Test
    void anotherInterfaceIsAllowedToWhoSaysSo() {
        FanfareServer server = kept(FanfareServer.builder()
                .port(0)
                .admin(a -> a.host("0.0.0.0").port(0).allowRemote(true))
                .start());
        assertThat(server.adminUri().orElseThrow()).hasHost("0.0.0.0");
        RawTcp client =
                SERVER.kept(RawTcp.connect(server.adminUri().orElseThrow().getPort()));
        assertThat(RawWebSocket.handshake(client, "GET /healthz HTTP/1.1\r\nHost: broker.example\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void itCanListenOnIpv6() {
        Needs.ipv6Loopback();
        FanfareServer server = kept(FanfareServer.builder()
                .port(0)
                .admin(a -> a.host("::1").port(0))
                .start());
        int port = server.adminUri().orElseThrow().getPort();
        assertThat(server.adminUri().orElseThrow()).hasToString("http://[::1]:" + port);
        RawTcp client = SERVER.kept(RawTcp.connect(new InetSocketAddress("::1", port), new Socket()));
        assertThat(RawWebSocket.handshake(client, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("case 81: an admin port that is in use is one sentence, and the other ports are free again")
    void portInUseIsOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> before = Jvm.serverThreads();
            assertThatThrownBy(() -> FanfareServer.builder()
                            .port(0)
                            .admin(a -> a.port(taken.getLocalPort()))
                            .start())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .hasMessageNotContaining("Exception");
            assertThat(Jvm.serverThreads()).isEqualTo(before);
        }
    }

    @Test
    void hostThatDoesNotExistIsOneSentence() {
        List<String> before = Jvm.serverThreads();
        assertThatThrownBy(() -> FanfareServer.builder()
                        .port(0)
                        .admin(a -> a.host("no-such-host.invalid").port(0))
                        .start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no-such-host.invalid")
                .hasMessageNotContaining("null");
        assertThat(Jvm.serverThreads()).isEqualTo(before);
    }

    private static List<String> adminThreads() {
        return Jvm.serverThreads().stream()
                .filter(name -> name.contains("admin"))
                .toList();
    }

    private FanfareServer kept(FanfareServer server) {
        servers.add(server);
        return server;
    }

    private static RawTcp admin() {
        return SERVER.kept(
                RawTcp.connect(SERVER.running().adminUri().orElseThrow().getPort()));
    }

    private static Response get(String path) {
        return answer("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    private static Response answer(String request) {
        return RawWebSocket.response(admin().sends(request.getBytes(ISO_8859_1)));
    }
}
