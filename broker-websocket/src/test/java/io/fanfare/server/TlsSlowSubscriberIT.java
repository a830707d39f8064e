package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.Headers;
import io.fanfare.testing.RawTcp;
import io.fanfare.testing.RawWebSocket;
import io.fanfare.testing.WsFrame;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Subscribers that read slowly or not at all over TLS meet the same limits as others. */
class TlsSlowSubscriberIT {

    private static final int MAX_OUTBOX = 10 << 20;
    private static final int BODY_BYTES = 100_000;

    /** Cuts nobody for being late. */
    @RegisterExtension
    static final TestServer SERVER = server(Duration.ofHours(1));

    /** Only those that are cut come here. */
    @RegisterExtension
    static final TestServer IMPATIENT = server(Duration.ofSeconds(1));

    private static TestServer server(Duration writeTimeout) {
        return new TestServer(options -> options.loops(1)
                .tls(Identity.SERVER.options())
                .broker(BrokerOptions.builder()
                        .outbox(o -> o.maxOutboxBytes(MAX_OUTBOX).writeTimeout(writeTimeout))
                        .build()));
    }

    @Test
    @DisplayName("over the limit the backlog is dropped; who reads at last is told why: ERROR, then 1013")
    void tooSlowSubscriberIsTold() {
        RawWebSocket slow = subscriber(SERVER, clients(SERVER).http());
        // the kernels keep some megabytes, too
        publish(SERVER, 3 * MAX_OUTBOX / BODY_BYTES);
        awaitHandedOut();

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

        IMPATIENT.awaitSessions(0);
    }

    /** What each has encrypted for itself is at most a write's worth; the rest they share. */
    @Test
    void manyStalledSubscribersShareTheirBacklog() {
        for (int i = 0; i < 20; i++) {
            stalledSubscriber(SERVER);
        }
        long before = Jvm.usedHeapBytes();
        publish(SERVER, (MAX_OUTBOX - BODY_BYTES) / BODY_BYTES);

        awaitHandedOut();
        SERVER.awaitSessions(20);
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

    /** The one loop has handed out all that there was when it hands out one message more. */
    private static void awaitHandedOut() {
        clients(SERVER)
                .tcp()
                .connects()
                .sends("SUBSCRIBE\nid:0\ndestination:/topic/b\n\n^@SEND\ndestination:/topic/b\n\n^@")
                .gotStart("MESSAGE\n")
                .close();
    }

    private static void publish(TestServer server, int messages) {
        byte[] body = new byte[BODY_BYTES];
        Arrays.fill(body, (byte) 'x');
        for (int i = 0; i < messages; i++) {
            server.running().broker().publish("/topic/a", Headers.EMPTY, body);
        }
    }
}
