package io.fanfare.server;

import io.fanfare.broker.Broker;
import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.testing.Await;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import java.time.Duration;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Connections come and go, are killed and stall; threads, file descriptors, heap, sessions and destinations are where
 * they were afterwards. Each test goes three rounds: what the first one warms up is no leak, what the third one adds is.
 */
class LeaksIT {

    private static final int CONNECTIONS = 1000;
    private static final int ROUNDS = 3;

    /** Two rounds' connections would leave 1 KiB each; a session with its buffers is far more. */
    private static final long HEAP_BYTES = 2 << 20;

    private static final String SUBSCRIBE = "SUBSCRIBE\nid:0\ndestination:%s\nack:client-individual\nreceipt:r\n\n^@";
    private static final String SUBSCRIBED = "RECEIPT\nreceipt-id:r\n\n^@";

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.broker(BrokerOptions.builder()
            .outbox(o -> o.writeTimeout(Duration.ofMillis(500)).maxOutboxBytes(256 << 10))
            .build()));

    @Test
    @DisplayName("item 122: a thousand connections that open and close leave nothing")
    void connectionsThatOpenAndCloseLeaveNothing() {
        assertThatNothingGrows(i -> {
            try (RawTcp tcp = RawTcp.connect(SERVER.running().webSocketPort())) {
                RawWebSocket.open(tcp)
                        .connects()
                        .sends(SUBSCRIBE.formatted("/topic/t" + i))
                        .got(SUBSCRIBED)
                        .sends("SEND\ndestination:/topic/t" + i + "\n\nhi^@")
                        .gotStart("MESSAGE\n")
                        .sends("DISCONNECT\n\n^@")
                        .gotClose(1000)
                        .closesToo(1000);
            }
        });
    }

    @Test
    @DisplayName("item 122, case 25: a thousand subscribers that are killed leave nothing")
    void subscribersThatAreKilledLeaveNothing() {
        assertThatNothingGrows(i -> {
            RawTcp tcp = RawTcp.connect(SERVER.running().webSocketPort());
            RawWebSocket.open(tcp)
                    .connects()
                    .sends(SUBSCRIBE.formatted(i % 2 == 0 ? "/topic/t" + i : "/queue/q" + i))
                    .got(SUBSCRIBED)
                    .sends("BEGIN\ntransaction:t\n\n^@SEND\ndestination:/topic/x\ntransaction:t\n\nhi^@SEND\nhalf");
            tcp.reset();
        });
    }

    @Test
    void plainStompConnectionsLeaveNothing() {
        assertThatNothingGrows(i -> {
            try (RawTcp tcp = RawTcp.connect(SERVER.running().tcpPort()).connects()) {
                tcp.sends(SUBSCRIBE.formatted("/queue/q" + i)).got(SUBSCRIBED);
                if (i % 2 == 0) {
                    tcp.sends("DISCONNECT\nreceipt:bye\n\n^@")
                            .gotStart("RECEIPT\n")
                            .ended();
                }
            }
        });
    }

    @Test
    @Tag("advisory-5")
    void handshakesThatAreRefusedOrGivenUpLeaveNothing() {
        assertThatNothingGrows(i -> {
            try (RawTcp tcp = RawTcp.connect(SERVER.running().webSocketPort())) {
                switch (i % 4) {
                    case 0 ->
                        tcp.sends("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n").readToEnd();
                    case 1 -> tcp.sends("GET /ws HT");
                    case 2 -> RawWebSocket.open(tcp);
                    default -> tcp.sends("\0\1\2\r\n\r\n");
                }
            }
        });
    }

    @Test
    @Tag("case-72")
    void stalledSubscribersLeaveNothing() {
        byte[] body = new byte[100_000];
        Runnable round = () -> {
            for (int i = 0; i < 20; i++) {
                RawTcp tcp = SERVER.kept(
                        RawTcp.connectWithSmallReceiveBuffer(SERVER.running().webSocketPort()));
                RawWebSocket.open(tcp)
                        .connects()
                        .sends(SUBSCRIBE.formatted("/topic/t"))
                        .got(SUBSCRIBED);
            }
            Broker broker = SERVER.broker();
            Await.until("the stalled ones go", () -> {
                broker.publish("/topic/t", Headers.EMPTY, body);
                return broker.sessionCount() == 0;
            });
            SERVER.closeClients();
        };
        assertThatNothingGrowsBy(round);
    }

    private static void assertThatNothingGrows(IntConsumer connection) {
        assertThatNothingGrowsBy(() -> {
            for (int i = 0; i < CONNECTIONS; i++) {
                connection.accept(i);
            }
        });
    }

    private static void assertThatNothingGrowsBy(Runnable round) {
        round.run();
        Held first = Held.by(SERVER.running());
        for (int i = 1; i < ROUNDS; i++) {
            round.run();
        }
        Held last = Held.noMoreThan(first, HEAP_BYTES, SERVER.running());
        System.out.printf(
                "heap after round 1: %,d B, after round %d: %,d B%n", first.heapBytes(), ROUNDS, last.heapBytes());
    }
}
