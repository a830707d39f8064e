package io.fanfare.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.RawWebSocket.Response;
import io.fanfare.testing.WsFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A server that is emptied before a restart. No test waits for the time over which the goodbyes are spread. */
class DrainIT {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@";
    private static final String SUBSCRIBED = "RECEIPT\nreceipt-id:r\n\n^@";
    private static final String READYZ = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final Logs logs = new Logs();
    private final List<RawTcp> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final FanfareServer server =
            FanfareServer.builder().port(0).admin(a -> a.port(0)).start();

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        clients.forEach(RawTcp::close);
        server.close();
        for (Thread thread : threads) {
            thread.join(Await.DEADLINE.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
        logs.close();
        assertThat(Jvm.serverThreads()).isEmpty();
        assertThat(logs.takeBad()).isEmpty();
    }

    // ---- who is there -----------------------------------------------------------------------------------------------

    @Test
    @DisplayName("case 75: /readyz is 503 before the first client is closed")
    void readinessGoesFirst() {
        assertThat(readyz().status()).isEqualTo(200);
        RawWebSocket client = webSocket().connects();
        run(() -> server.drain(LONG));
        client.gotDismissal(1012);

        Response response = readyz();
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("draining: the server is about to stop\n");
    }

    @Test
    @DisplayName("case 75: receipts and what waits in the outbox come before the Close")
    void whatIsUnderWayIsFlushed() {
        RawTcp slow = kept(RawTcp.connectWithSmallReceiveBuffer(server.webSocketPort()));
        RawWebSocket subscriber =
                RawWebSocket.open(slow).connects().sends(SUBSCRIBE).got(SUBSCRIBED);
        for (int i = 0; i < 30; i++) {
            server.broker().publish("/topic/a", Headers.of("number", String.valueOf(i)), new byte[100_000]);
        }
        RawWebSocket publisher = webSocket().connects();
        publisher.sends("SEND\ndestination:/topic/a\nreceipt:1\n\nlast^@SEND\ndestination:/queue/q\nreceipt:2\n\nhi^@");
        Await.until("the queue is there", () -> server.broker().queueCount() == 1);
        run(() -> server.drain(Duration.ZERO));

        publisher
                .gotStart("RECEIPT\nreceipt-id:1\n")
                .gotStart("RECEIPT\nreceipt-id:2\n")
                .gotDismissal(1012)
                .closesToo(1012);
        for (int i = 0; i < 30; i++) {
            subscriber.gotStart("MESSAGE\nsubscription:0\nmessage-id:*\ndestination:/topic/a\nnumber:" + i + "\n");
        }
        assertThat(subscriber.frame().text()).endsWith("\nlast^@");
        subscriber.gotDismissal(1012).closesToo(1012);
    }

    @Test
    @DisplayName("case 75: the Close says when to come back")
    void theCloseSaysWhenToComeBack() {
        RawWebSocket client = webSocket().connects();
        run(() -> server.drain(LONG));
        client.gotError("restarting; retry-after=*ms");
        WsFrame close = client.frame();
        assertThat(close.closeCode()).isEqualTo(1012);
        byte[] payload = close.payload();
        assertThat(new String(payload, 2, payload.length - 2, UTF_8)).matches("restarting; retry-after=\\d{1,4}ms");
    }

    @Test
    void aClientOfPlainStompIsToldWhyAndWhenToComeBack() {
        RawTcp client = kept(RawTcp.connect(server.tcpPort())).connects();
        run(() -> server.drain(LONG));
        client.gotStart("ERROR\nmessage:restarting; retry-after=*ms\n").ended();
    }

    @Test
    @DisplayName("case 75: a SEND during the drain is an ERROR and close code 1012")
    void publisherIsRefused() {
        RawWebSocket publisher = leftByADrain();
        publisher
                .sends("SEND\ndestination:/topic/a\n\nhi^@")
                .gotError("shutting down")
                .gotClose(1012)
                .closesToo(1012);
    }

    // ---- who comes --------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("case 75: an upgrade during the drain gets 503 with Retry-After")
    void upgradeIsRefused() {
        leftByADrain();
        Response response = RawWebSocket.handshake(http(), RawWebSocket.request());
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Retry-After")).hasSize(1).allMatch(value -> value.matches("[1-5]"));
        assertThat(response.body()).contains("about to restart");
    }

    @Test
    void aRequestThatIsNoHandshakeIsToldSo() {
        leftByADrain();
        Response response = RawWebSocket.handshake(http(), "GET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(response.status()).isEqualTo(404);
    }

    @Test
    @DisplayName("case 75: a connection of plain STOMP during the drain gets an ERROR and its end")
    void plainStompIsRefused() {
        leftByADrain();
        kept(RawTcp.connect(server.tcpPort()))
                .gotStart("ERROR\nmessage:shutting down\n")
                .ended();
    }

    // ---- its end ----------------------------------------------------------------------------------------------------

    @Test
    void aDrainEndsWhenTheLastClientHasGone() throws InterruptedException {
        RawWebSocket left = leftByADrain();
        assertThat(threads.get(0).isAlive()).isTrue();
        left.sends("DISCONNECT\n\n^@").gotClose(1000).closesToo(1000);
        threads.get(0).join(Await.DEADLINE.toMillis());
        assertThat(threads.get(0).isAlive()).isFalse();
    }

    @Test
    void aDrainOfAnEmptyServerTakesNoTime() {
        server.drain(LONG);
        assertThat(readyz().status()).isEqualTo(503);
    }

    @Test
    void whoIsLeftWhenTheServerIsClosedGoesWithIt() {
        RawWebSocket left = leftByADrain();
        server.close();
        left.gotDismissal(1001);
    }

    @Test
    void anInterruptEndsTheDrainAndNotTheGoodbyes() {
        RawWebSocket one = webSocket().connects();
        RawWebSocket other = webSocket().connects();
        Thread.currentThread().interrupt();
        server.drain(LONG);
        assertThat(Thread.interrupted()).isTrue();
        Await.until(
                "one of them is told",
                () -> one.tcp().hasReceived() || other.tcp().hasReceived());
    }

    @Test
    @DisplayName("case 75: close() drains when it has a time for it")
    void closeDrainsWhenItHasATimeForIt() {
        FanfareServer draining = FanfareServer.builder()
                .port(0)
                .timeouts(t -> t.drainTimeout(LONG))
                .start();
        RawWebSocket client = RawWebSocket.open(kept(RawTcp.connect(draining.webSocketPort())))
                .connects();
        run(draining::close);
        client.gotDismissal(1012).closesToo(1012);
    }

    // ---- helpers ----------------------------------------------------------------------------------------------------

    /** Begins a drain of two clients: one is closed at once and goes, this one would be minutes later. */
    private RawWebSocket leftByADrain() {
        List<RawWebSocket> two = List.of(webSocket().connects(), webSocket().connects());
        run(() -> server.drain(LONG));
        Await.until(
                "one of them is told",
                () -> two.stream().anyMatch(client -> client.tcp().hasReceived()));
        RawWebSocket first = two.get(two.get(0).tcp().hasReceived() ? 0 : 1);
        RawWebSocket left = two.get(first == two.get(0) ? 1 : 0);
        first.gotDismissal(1012).closesToo(1012);
        assertThat(left.tcp().hasReceived()).isFalse();
        return left;
    }

    private void run(Runnable task) {
        Thread thread = new Thread(task);
        threads.add(thread);
        thread.start();
    }

    private Response readyz() {
        return RawWebSocket.handshake(
                kept(RawTcp.connect(server.adminUri().orElseThrow().getPort())), READYZ);
    }

    private RawTcp http() {
        return kept(RawTcp.connect(server.webSocketPort()));
    }

    private RawWebSocket webSocket() {
        return RawWebSocket.open(http());
    }

    private RawTcp kept(RawTcp client) {
        clients.add(client);
        return client;
    }
}
