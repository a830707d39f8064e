package io.fanfare.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.server.internal.net.Admission;
import io.fanfare.testing.Await;
import io.fanfare.testing.HeapMeter;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets that are opened and say nothing, or not enough. */
class HalfOpenIT {

    private static final int LIMIT = 50;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.limits(l -> l.maxPendingHandshakes(LIMIT))
            // nobody is cut for being late
            .timeouts(t -> t.handshakeTimeout(Duration.ofHours(1)))
            .broker(BrokerOptions.builder()
                    .auth(a -> a.loginTimeout(Duration.ofHours(1)))
                    .build()));

    @RegisterExtension
    static final TestServer DEFAULTS = new TestServer();

    @Test
    @DisplayName("case 13: five thousand half-open sockets, and who comes now is in at once")
    void fiveThousandKeepNobodyOut() {
        for (int i = 0; i < 5_000; i++) {
            DEFAULTS.http();
        }
        DEFAULTS.connectedWebSocket();
        DEFAULTS.connectedTcp();
    }

    private static List<RawTcp> flood(int count, String bytes) {
        List<RawTcp> flood = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            RawTcp socket = SERVER.kept(
                    RawTcp.connectFrom("127.0.0.66", SERVER.running().webSocketPort()));
            flood.add(socket.sends(bytes));
        }
        return flood;
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"", "GET /ws HT"})
    @DisplayName("case 13: over the limit, the address with most of them loses its oldest, and others take their time")
    void theGreediestLosesItsOldest(String bytes) {
        String request = RawWebSocket.request();
        RawTcp slow = SERVER.http().sends(request.substring(0, 20));
        RawTcp slowTcp = SERVER.tcp().sends("CONNECT\naccept-ver");
        List<RawTcp> flood = flood(3 * LIMIT, bytes);

        // not twice as many: two loops may see them in another order
        flood.subList(0, LIMIT).forEach(RawTcp::ended);
        assertThat(RawWebSocket.handshake(slow, request.substring(20)).status()).isEqualTo(101);
        slowTcp.sends("sion:1.2\nhost:a\n\n^@").gotStart("CONNECTED\n");
        SERVER.connectedWebSocket();
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"GET /ws HT", "GET /ws HTTP/1.1\r\nHost: a\r\n", "\r\nGET", "x"})
    @DisplayName("case 13: the beginning of a request takes little more memory than a socket that says nothing")
    void theBeginningOfARequestTakesLittleMemory(String beginning) throws IOException {
        heapOfEach(beginning);
        long silent = heapOfEach("");

        assertThat(heapOfEach(beginning) - silent).as("bytes for each").isLessThan(300);
    }

    /** Heap that a socket takes at both of its ends when this has been sent. */
    private static long heapOfEach(String bytes) throws IOException {
        int count = 2_000;
        Admission admission = DEFAULTS.running().admission;
        // an answer to a later socket: the server has read what earlier ones have sent, on both of its loops
        DEFAULTS.connectedWebSocket();
        DEFAULTS.connectedWebSocket();
        int others = admission.connections();
        long before = HeapMeter.usedBytes();
        List<SocketChannel> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel socket = SocketChannel.open(new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), DEFAULTS.running().webSocketPort()));
                sockets.add(socket);
                socket.write(ByteBuffer.wrap(bytes.getBytes(US_ASCII)));
            }
            DEFAULTS.connectedWebSocket();
            DEFAULTS.connectedWebSocket();
            return (HeapMeter.usedBytes() - before) / count;
        } finally {
            for (SocketChannel socket : sockets) {
                socket.close();
            }
            Await.until("they have gone", () -> admission.connections() == others + 2);
        }
    }

    @Test
    @DisplayName("case 13: sockets that were upgraded and never say CONNECT are half open, too")
    void upgradedOnesArePendingToo() {
        List<RawTcp> flood = flood(2 * LIMIT, RawWebSocket.request());

        flood.subList(0, LIMIT / 2).forEach(RawTcp::readToEnd);
        SERVER.connectedWebSocket();
    }

    @Test
    void whoIsInIsNotPending() {
        Admission admission = SERVER.running().admission;
        List<RawTcp> clients = new ArrayList<>();
        for (int i = 0; i < 2 * LIMIT; i++) {
            clients.add(SERVER.connectedTcp());
        }
        assertThat(admission.connections()).isEqualTo(2 * LIMIT);
        Await.until("none is pending", () -> admission.pending() == 0);
        clients.forEach(
                client -> client.sends("BEGIN\ntransaction:a\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@"));
    }
}
