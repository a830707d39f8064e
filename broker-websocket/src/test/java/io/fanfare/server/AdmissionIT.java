package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.server.internal.net.Admission;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import io.fanfare.testing.WsFrame;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How many may be connected, and that everybody who goes makes room. */
class AdmissionIT {

    private static final int LIMIT = 4;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(
            options -> options.limits(l -> l.maxConnections(LIMIT)).limits(l -> l.maxConnectionsPerAddress(LIMIT - 1)));

    private static final Duration SOON = Duration.ofMillis(300);

    @RegisterExtension
    static final TestServer LOGINS = new TestServer(options -> options.broker(
            BrokerOptions.builder().auth(a -> a.loginTimeout(SOON)).build()));

    @RegisterExtension
    static final TestServer FRAMES = new TestServer(options -> options.broker(
            BrokerOptions.builder().limits(l -> l.frameTimeout(SOON)).build()));

    private static RawTcp otherTcp() {
        return SERVER.kept(RawTcp.connectFrom("127.0.0.2", SERVER.running().tcpPort()));
    }

    private static RawTcp otherHttp() {
        return SERVER.kept(RawTcp.connectFrom("127.0.0.2", SERVER.running().webSocketPort()));
    }

    private static Response refused(RawTcp http) {
        Response response = RawWebSocket.handshake(http, RawWebSocket.request());
        assertThat(response.status()).as("%s", response).isEqualTo(503);
        assertThat(response.header("Retry-After")).singleElement().asString().matches("[1-5]");
        return response;
    }

    @Test
    @DisplayName("case 14: over the limit of all listeners together, WebSockets get 503 and plain STOMP an ERROR")
    void oneMoreThanAllMayBe() {
        SERVER.connectedWebSocket();
        SERVER.connectedTcp();
        otherTcp().connects();
        RawWebSocket.open(otherHttp()).connects();

        assertThat(refused(SERVER.http()).body()).contains("the broker has 4 connections", "4 (max_connections)");
        RawTcp tcp = SERVER.tcp();
        assertThat(tcp.frame()).contains("message:too many connections", "4 (max_connections)");
        tcp.ended();
        SERVER.closeClients();
        Await.until("room", () -> SERVER.running().admission.connections() == 0);
        SERVER.connectedWebSocket();
    }

    @Test
    @DisplayName("case 14: one address over its limit keeps nobody else out")
    void oneMoreThanAnAddressMayHave() {
        SERVER.connectedWebSocket();
        SERVER.connectedTcp();
        SERVER.connectedTcp();

        assertThat(refused(SERVER.http()).body())
                .contains("this address has 3 connections", "3 (max_connections_per_address)");
        assertThat(SERVER.tcp().frame()).contains("message:too many connections", "max_connections_per_address");
        RawWebSocket.open(otherHttp()).connects();
    }

    @Test
    void whoIsRefusedDoesNotCount() {
        for (int i = 0; i < LIMIT - 1; i++) {
            SERVER.connectedTcp();
        }
        for (int i = 0; i < 20; i++) {
            refused(SERVER.http());
            SERVER.tcp().gotStart("ERROR\nmessage:too many connections\n").ended();
        }
        RawTcp last = otherTcp().connects();
        assertThat(SERVER.running().admission.connections()).isEqualTo(LIMIT);
        last.close();
        Await.until("one less", () -> SERVER.running().admission.connections() == LIMIT - 1);
    }

    private record Exit(TestServer server, String how, Consumer<RawWebSocket> webSocket, Consumer<RawTcp> tcp) {

        Exit(String how, Consumer<RawWebSocket> webSocket, Consumer<RawTcp> tcp) {
            this(SERVER, how, webSocket, tcp);
        }

        @Override
        public String toString() {
            return how;
        }
    }

    static List<Exit> exits() {
        String disconnect = "DISCONNECT\n\n^@";
        String half = "SEND\ndestination:/queue/a\n\nhal";
        return List.of(
                new Exit(
                        "DISCONNECT",
                        ws -> ws.connects().sends(disconnect).gotClose(1000).closesToo(1000),
                        tcp -> tcp.connects().sends(disconnect).ended()),
                new Exit(
                        "a reset",
                        ws -> ws.connects().tcp().reset(),
                        tcp -> tcp.connects().reset()),
                new Exit(
                        "the end of input",
                        ws -> ws.connects().tcp().shutdownOutput(),
                        tcp -> tcp.connects().shutdownOutput()),
                new Exit(
                        "a reset in half a frame",
                        ws -> ws.connects().sends(half).tcp().reset(),
                        tcp -> tcp.connects().sends(half).reset()),
                new Exit(
                        "a Close",
                        ws -> ws.connects().sends(WsFrame.close(1001)).gotClose(1001),
                        tcp -> tcp.connects().close()),
                new Exit(
                        "an ERROR",
                        ws -> ws.connects().sends("NONSENSE\n\n^@").gotError("unknown command"),
                        tcp -> tcp.connects().sends("NONSENSE\n\n^@").gotStart("ERROR\n")),
                new Exit(LOGINS, "nothing said", ws -> ws.gotError("login timeout"), tcp -> tcp.gotStart("ERROR\n")),
                new Exit("a reset before CONNECT", ws -> ws.tcp().reset(), RawTcp::reset),
                new Exit(
                        FRAMES,
                        "half a frame and silence",
                        ws -> ws.connects().sends(half).gotError("frame timeout"),
                        tcp -> tcp.connects().sends(half).gotStart("ERROR\n")));
    }

    static List<Arguments> exitsByName() {
        return exits().stream().map(exit -> Arguments.of(exit.how, exit)).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("exitsByName")
    @DisplayName("case 14: whoever goes makes room, however it goes")
    void whoeverGoesMakesRoom(String how, Object leaving) {
        Exit exit = (Exit) leaving;
        TestServer server = exit.server;
        Admission admission = server.running().admission;
        for (int round = 0; round < 2; round++) {
            exit.webSocket.accept(server.webSocket());
            exit.tcp.accept(server.tcp());
            server.closeClients();
            Await.until(how, () -> admission.connections() == 0 && admission.pending() == 0);
        }
    }

    @Test
    void handshakesThatFailNeverCounted() {
        Admission admission = SERVER.running().admission;
        for (int i = 0; i < 20; i++) {
            SERVER.http().sends("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n").readToEnd();
            SERVER.http().sends("GET /ws HT").reset();
            assertThat(admission.connections()).isZero();
        }
        Await.until("none is pending", () -> admission.pending() == 0);
    }

    @Test
    void fortyOpenSocketsAreNoConnections() {
        for (int i = 0; i < 40; i++) {
            SERVER.http();
        }
        SERVER.connectedWebSocket();
    }
}
