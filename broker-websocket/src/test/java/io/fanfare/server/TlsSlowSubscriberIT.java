package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscribers that read slowly or not at all over TLS meet the same limits as others. */
class TlsSlowSubscriberIT {

    private static final int MAX_OUTBOX = 10 << 20;
    private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(1);
    private static final int BODY_BYTES = 100_000;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.loops(1)
            .tls(Identity.SERVER.options())
            .broker(BrokerOptions.builder()
                    .outbox(o -> o.maxOutboxBytes(MAX_OUTBOX))
                    .build()));

    @RegisterExtension
    static final TestServer IMPATIENT = new TestServer(options -> options.loops(1)
            .tls(Identity.SERVER.options())
            .broker(BrokerOptions.builder()
                    .outbox(o -> o.maxOutboxBytes(MAX_OUTBOX).writeTimeout(WRITE_TIMEOUT))
                    .build()));

    @Test
    @DisplayName("over the limit the backlog is dropped; who reads at last is told why: ERROR, then 1013")
    void tooSlowSubscriberIsTold() {
        RawWebSocket slow = subscriber(SERVER, clients(SERVER).http());
        // the kernels keep some megabytes, too
        publish(SERVER, 3 * MAX_OUTBOX / BODY_BYTES);
        // the one loop has handed out all of them when it hands out this one
        clients(SERVER)
                .tcp()
                .connects()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@SEND\ndestination:/topic/b\n\n^@")
                .gotStart("MESSAGE\n");

        WsFrame frame = slow.frame();
        int messages = 0;
        while (frame.text().startsWith("MESSAGE\n")) {
            messages++;
            assertThat(frame.text()).endsWith("x^@");
            frame = slow.frame();
        }
        assertThat(messages).isLessThan(2 * MAX_OUTBOX / BODY_BYTES);
        assertThat(frame.text()).startsWith("ERROR\nmessage:too slow\n").contains("max_outbox_bytes", "10,485,760");
        slow.gotClose(1013).closesToo(1013);
    }

    @Test
    @DisplayName("case 70: a subscriber that takes nothing for the write timeout is cut")
    void stalledSubscriberIsCutAtTheWriteTimeout() {
        stalledSubscriber(IMPATIENT);
        publish(IMPATIENT, (MAX_OUTBOX - BODY_BYTES) / BODY_BYTES);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> IMPATIENT.running().broker().sessionCount() == 0);
    }

    /** What each has encrypted for itself is at most a write's worth; the rest they share. */
    @Test
    void manyStalledSubscribersShareTheirBacklog() {
        for (int i = 0; i < 20; i++) {
            stalledSubscriber(SERVER);
        }
        long before = Jvm.usedHeapBytes();
        publish(SERVER, (MAX_OUTBOX - BODY_BYTES) / BODY_BYTES);

        await("all of it has been handed out")
                .until(() ->
                        SERVER.running().broker().sessionCount() == 20 && Jvm.usedHeapBytes() - before > BODY_BYTES);
        assertThat(Jvm.usedHeapBytes() - before).isLessThan(26 << 20);
    }

    private static TlsClients clients(TestServer server) {
        return new TlsClients(server, Identity.SERVER.trusted());
    }

    private static RawWebSocket stalledSubscriber(TestServer server) {
        return subscriber(
                server,
                clients(server).connectWithSmallReceiveBuffer(server.running().webSocketPort()));
    }

    private static RawWebSocket subscriber(TestServer server, RawTcp tcp) {
        return RawWebSocket.open(server.kept(tcp))
                .connects()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    private static void publish(TestServer server, int messages) {
        byte[] body = new byte[BODY_BYTES];
        Arrays.fill(body, (byte) 'x');
        for (int i = 0; i < messages; i++) {
            server.running().broker().publish("/topic/a", Headers.EMPTY, body);
        }
    }
}
