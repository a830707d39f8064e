package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import java.io.UncheckedIOException;
import java.time.Duration;
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
                    .maxOutboxBytes(MAX_OUTBOX)
                    .writeTimeout(WRITE_TIMEOUT)
                    .build()));

    @Test
    @DisplayName("over the limit the backlog is dropped; who reads at last is told why: ERROR, then 1013")
    void tooSlowSubscriberIsTold() {
        RawWebSocket slow = subscriber();
        publish(MAX_OUTBOX / BODY_BYTES + 100);

        WsFrame frame = slow.frame();
        int messages = 0;
        while (frame.text().startsWith("MESSAGE\n")) {
            messages++;
            assertThat(frame.text()).endsWith("x^@");
            frame = slow.frame();
        }
        assertThat(messages).isLessThan(100);
        assertThat(frame.text()).startsWith("ERROR\nmessage:too slow\n").contains("max_outbox_bytes", "10,485,760");
        slow.gotClose(1013).closesToo(1013);
    }

    @Test
    @DisplayName("case 70: a subscriber that takes nothing for the write timeout is cut")
    void stalledSubscriberIsCutAtTheWriteTimeout() {
        RawWebSocket stalled = subscriber();
        publish((MAX_OUTBOX - BODY_BYTES) / BODY_BYTES);

        await().atMost(Duration.ofSeconds(10))
                .until(() -> SERVER.running().broker().sessionCount() == 0);
        try {
            stalled.tcp().readToEnd();
        } catch (UncheckedIOException e) {
            // reset, or the end without close_notify
        }
    }

    /** What each has encrypted for itself is at most a write's worth; the rest they share. */
    @Test
    void manyStalledSubscribersShareTheirBacklog() {
        for (int i = 0; i < 20; i++) {
            subscriber();
        }
        long before = Jvm.usedHeapBytes();
        publish((MAX_OUTBOX - BODY_BYTES) / BODY_BYTES);

        await("all of it has been handed out")
                .until(() ->
                        SERVER.running().broker().sessionCount() == 20 && Jvm.usedHeapBytes() - before > BODY_BYTES);
        assertThat(Jvm.usedHeapBytes() - before).isLessThan(26 << 20);
    }

    private static RawWebSocket subscriber() {
        TlsClients clients = new TlsClients(SERVER, Identity.SERVER.trusting());
        return RawWebSocket.open(
                        clients.connectWithSmallReceiveBuffer(SERVER.running().webSocketPort()))
                .connects()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/a\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
    }

    private static void publish(int messages) {
        byte[] body = new byte[BODY_BYTES];
        java.util.Arrays.fill(body, (byte) 'x');
        for (int i = 0; i < messages; i++) {
            SERVER.running().broker().publish("/topic/a", Headers.EMPTY, body);
        }
    }
}
