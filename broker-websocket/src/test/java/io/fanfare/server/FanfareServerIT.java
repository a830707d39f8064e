package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import io.fanfare.testing.Needs;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as a program embeds it: start, use, close, and nothing is left. */
class FanfareServerIT {

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@";
    private static final String SUBSCRIBED = "RECEIPT\nreceipt-id:r\n\n^@";

    private final List<RawTcp> clients = new ArrayList<>();
    private final List<FanfareServer> servers = new ArrayList<>();
    private Logs logs;

    @BeforeEach
    void listen() {
        logs = new Logs();
    }

    @AfterEach
    void nothingIsLeft() {
        clients.forEach(RawTcp::close);
        servers.forEach(FanfareServer::close);
        logs.close();
        assertThat(Jvm.serverThreads()).isEmpty();
        assertThat(logs.takeBad()).isEmpty();
    }

    @Test
    void anyFreePortIsTakenAndToldAndAccepts() {
        FanfareServer server = start();
        assertThat(server.webSocketPort()).isBetween(1, 65535).isNotEqualTo(server.tcpPort());
        assertThat(server.webSocketUri()).hasToString("ws://127.0.0.1:" + server.webSocketPort() + "/ws");
        webSocket(server).connects();
        tcp(server).connects();
    }

    @Test
    void plainStompCanBeOff() {
        FanfareServer server = kept(FanfareServer.builder().port(0).tcpPort(-1).start());
        assertThat(server.tcpPort()).isEqualTo(-1);
        webSocket(server).connects();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLineFeedFollowsEachFrameOverTcpUnlessItIsOff(boolean on) {
        FanfareServer server =
                kept(FanfareServer.builder().port(0).trailingLf(on).start());
        RawTcp client = tcp(server).sends("CONNECT\naccept-version:1.2\n\n^@DISCONNECT\nreceipt:r\n\n^@");

        assertThat(new String(client.readToEnd(), StandardCharsets.UTF_8))
                .endsWith("receipt-id:r\n\n\0" + (on ? "\n" : ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live/feed", "/stomp", "/"})
    void pathIsTheOneAskedFor(String path) {
        FanfareServer server = kept(FanfareServer.builder().port(0).path(path).start());
        RawTcp tcp = kept(RawTcp.connect(server.webSocketPort()));
        String request = RawWebSocket.request().replace("GET /ws ", "GET " + path + " ");

        assertThat(RawWebSocket.handshake(tcp, request).status()).isEqualTo(101);
        assertThat(server.webSocketUri().getPath()).isEqualTo(path);
    }

    @Test
    @DisplayName("case 89: two servers in one JVM share nothing")
    void twoServersShareNothing() {
        FanfareServer one = start();
        FanfareServer other = start();
        RawWebSocket inOne = webSocket(one).connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        RawWebSocket inOther = webSocket(other).connects().sends(SUBSCRIBE).got(SUBSCRIBED);

        inOther.sends("SEND\ndestination:/topic/a\n\nother^@");
        assertThat(inOther.frame().text()).endsWith("other^@");
        one.close();
        inOne.gotDismissal(1001);
        inOther.sends("SEND\ndestination:/topic/a\n\nstill here^@");
        assertThat(inOther.frame().text()).endsWith("still here^@");
        assertThat(other.broker().topicCount()).isEqualTo(1);
    }

    @Test
    void programCanPublish() {
        FanfareServer server = start();
        RawWebSocket subscriber = webSocket(server).connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        server.broker().publish("/topic/a", Headers.of("x", "y"), "hi".getBytes(StandardCharsets.UTF_8));

        assertThat(subscriber.frame().text()).contains("\nx:y\n").endsWith("\n\nhi^@");
    }

    // ---- close ----------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("item 123: close() sends 1001 and returns with the ports free")
    void closeSaysGoodbyeAndFreesThePorts() throws IOException {
        FanfareServer server = start();
        RawWebSocket connected = webSocket(server).connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        RawWebSocket fresh = webSocket(server);
        RawTcp tcp = tcp(server).connects();
        RawTcp half = kept(RawTcp.connect(server.webSocketPort())).sends("GET /ws");

        server.close();

        for (int port : new int[] {server.webSocketPort(), server.tcpPort()}) {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        }
        assertThat(Jvm.serverThreads()).isEmpty();
        connected.gotDismissal(1001);
        fresh.gotDismissal(1001);
        tcp.gotStart("ERROR\nmessage:shutting down\n").ended();
        half.ended();
    }

    @Test
    @DisplayName("item 123: receipts on their way are delivered before the Close")
    void receiptsAreDeliveredBeforeTheClose() {
        FanfareServer server = start();
        RawWebSocket client = webSocket(server).connects();
        StringBuilder frames = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            frames.append("BEGIN\ntransaction:t\nreceipt:b\n\n^@ABORT\ntransaction:t\nreceipt:a\n\n^@");
        }
        client.sends(frames.toString()).got("RECEIPT\nreceipt-id:b\n\n^@");
        server.close();

        for (int i = 1; i < 1000; i++) {
            client.got("RECEIPT\nreceipt-id:" + (i % 2 == 0 ? "b" : "a") + "\n\n^@");
        }
        client.gotDismissal(1001);
    }

    @Test
    void closeDoesNotWaitForClientsThatAnswer() throws InterruptedException {
        FanfareServer server = kept(FanfareServer.builder()
                .port(0)
                .timeouts(t -> t.closeTimeout(Duration.ofMinutes(5)))
                .start());
        RawWebSocket client = webSocket(server).connects();
        Thread polite = new Thread(() -> client.gotDismissal(1001).closesToo(1001));
        polite.start();

        server.close();
        polite.join(Await.DEADLINE.toMillis());
    }

    @Test
    void clientThatDoesNotAnswerIsCut() {
        FanfareServer server = start();
        RawWebSocket client = webSocket(server).connects();

        assertThat(timeOf(server::close)).isGreaterThan(Duration.ofSeconds(1));
        client.gotDismissal(1001).tcp().ended();
    }

    @Test
    void clientThatHasStoppedReadingIsCut() {
        FanfareServer server = start();
        RawTcp slow = kept(RawTcp.connectWithSmallReceiveBuffer(server.webSocketPort()));
        RawWebSocket.open(slow).connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        byte[] body = new byte[1 << 20];
        for (int i = 0; i < 8; i++) {
            server.broker().publish("/topic/a", Headers.EMPTY, body);
        }

        server.close();
        assertThat(Jvm.serverThreads()).isEmpty();
    }

    @Test
    void closeMayBeCalledTwice() {
        FanfareServer server = start();
        server.close();
        server.close();

        assertThat(Jvm.serverThreads()).isEmpty();
    }

    @Test
    void interruptedThreadStillClosesEverything() {
        FanfareServer server = start();
        webSocket(server).connects();
        Thread.currentThread().interrupt();
        server.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(Jvm.serverThreads()).isEmpty();
    }

    @Test
    @DisplayName(
            "case 24: close() waits for nobody who never reads, never answers, never ends its handshake or its sends")
    void closeWaitsForNobody() throws InterruptedException {
        FanfareServer server = start();
        RawTcp endless = tcp(server).connects();
        Thread sender = new Thread(() -> sendForEver(endless));
        sender.start();
        RawWebSocket endlessToo = webSocket(server).connects();
        Thread senderToo = new Thread(() -> sendForEver(endlessToo.tcp()));
        senderToo.start();
        RawTcp slow = kept(RawTcp.connectWithSmallReceiveBuffer(server.webSocketPort()));
        RawWebSocket.open(slow).connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        server.broker().publish("/topic/a", Headers.EMPTY, new byte[3 << 20]);
        RawWebSocket halfMessage = webSocket(server).connects();
        halfMessage.tcp().sends(new byte[] {(byte) 0x81, (byte) 0xFE, 1, 0, 0, 0, 0, 0, 'S', 'E', 'N', 'D'});
        RawTcp halfHandshake = kept(RawTcp.connect(server.webSocketPort())).sends("GET /ws HTTP/1.1\r\nHost: a\r\n");

        server.close();

        assertThat(Jvm.serverThreads()).isEmpty();
        halfHandshake.ended();
        sender.join(Await.DEADLINE.toMillis());
        senderToo.join(Await.DEADLINE.toMillis());
        assertThat(sender.isAlive() || senderToo.isAlive()).isFalse();
    }

    /** Sends what looks like heart-beats, or like a WebSocket message without an end, until the connection breaks. */
    private static void sendForEver(RawTcp tcp) {
        byte[] lineFeeds = new byte[1000];
        Arrays.fill(lineFeeds, (byte) '\n');
        try {
            while (true) {
                tcp.sends(lineFeeds);
            }
        } catch (UncheckedIOException e) {
            // at last
        }
    }

    @Test
    @DisplayName("case 89: 200 servers in a row leave no thread, port or memory behind")
    void twoHundredServersInARowLeaveNothing() {
        for (int i = 0; i < 20; i++) {
            useOnce();
        }
        int descriptors = Jvm.fileDescriptors();
        long heap = Jvm.usedHeapBytes();
        for (int i = 0; i < 200; i++) {
            useOnce();
            assertThat(Jvm.serverThreads()).isEmpty();
        }

        Await.until("no more descriptors", () -> Jvm.fileDescriptors() <= descriptors + 2);
        // a server that stays is half a megabyte; references that a collector clears in its own time are no leak
        Await.until("the heap is as it was", () -> Jvm.usedHeapBytes() < heap + (2 << 20));
    }

    private static void useOnce() {
        try (FanfareServer server =
                        FanfareServer.builder().port(0).admin(a -> a.port(0)).start();
                RawTcp client = RawTcp.connect(server.webSocketPort());
                RawTcp probe = RawTcp.connect(server.adminUri().orElseThrow().getPort())) {
            RawWebSocket.open(client)
                    .connects()
                    .sends("DISCONNECT\n\n^@")
                    .gotClose(1000)
                    .closesToo(1000);
            assertThat(RawWebSocket.handshake(probe, "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    // ---- start ----------------------------------------------------------------------------------------------------

    @Test
    void ipv6LoopbackWorks() {
        Needs.ipv6Loopback();
        FanfareServer server = kept(FanfareServer.builder().host("::1").port(0).start());
        assertThat(server.webSocketUri()).hasToString("ws://[::1]:" + server.webSocketPort() + "/ws");
        RawTcp tcp = kept(RawTcp.connect(new InetSocketAddress("::1", server.webSocketPort()), new Socket()));
        RawWebSocket.open(tcp).connects();
    }

    @Test
    void itStartsAndClosesAgainAndAgain() {
        for (int i = 0; i < 5; i++) {
            start().close();
        }
        FanfareServer[] started = new FanfareServer[1];
        Duration start = timeOf(() -> started[0] = start());
        Duration close = timeOf(started[0]::close);

        // the aim is 100 ms, which is no matter of right and wrong: a busy machine takes what it takes
        System.out.printf("warm start %.1f ms, close %.1f ms%n", start.toNanos() / 1e6, close.toNanos() / 1e6);
        assertThat(started[0].broker().sessionCount()).isZero();
    }

    private FanfareServer start() {
        return kept(FanfareServer.builder().port(0).start());
    }

    private FanfareServer kept(FanfareServer server) {
        servers.add(server);
        return server;
    }

    private RawWebSocket webSocket(FanfareServer server) {
        return RawWebSocket.open(kept(RawTcp.connect(server.webSocketPort())));
    }

    private RawTcp tcp(FanfareServer server) {
        return kept(RawTcp.connect(server.tcpPort()));
    }

    private RawTcp kept(RawTcp client) {
        clients.add(client);
        return client;
    }

    private static Duration timeOf(Runnable action) {
        long start = System.nanoTime();
        action.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
