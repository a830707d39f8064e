package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.testing.Received;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subscribers who would rather miss messages than lose their connection, on real sockets. */
class SparedSubscriberIT {

    /** More than the kernels' buffers and the outbox can hold. */
    private static final int MESSAGES = 400;

    private static final int BODY_BYTES = 100_000;

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest(options -> options.broker(BrokerOptions.builder()
            // on a starved machine all is sent in more than the ten seconds after which a client would be cut
            .outbox(o -> o.maxOutboxBytes(1 << 20).writeTimeout(Duration.ofHours(1)))
            .build()));

    @ParameterizedTest
    @CsvSource({
        "TCP,overflow:drop-oldest,dropped",
        "WEBSOCKET,overflow:drop-oldest,dropped",
        "TCP,overflow:conflate,conflated",
        "WEBSOCKET,overflow:conflate,conflated"
    })
    void whoReadsLateGetsTheNewestAndIsToldWhatItMissed(Transport transport, String overflow, String count) {
        StompSocket slow = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a\n" + overflow);
        StompSocket alice = SERVER.connect(transport);
        String send = "SEND\ndestination:/topic/a\nreceipt:r\n\n" + "x".repeat(BODY_BYTES) + "^@";
        for (int i = 1; i < MESSAGES; i++) {
            assertThat(alice.sends(send).next().header("matched")).isEqualTo("1");
        }
        alice.publishes("/topic/a", "last");

        int seen = 0;
        long missed = 0;
        Received frame;
        do {
            frame = slow.next();
            seen++;
            missed += frame.has(count) ? Long.parseLong(frame.header(count)) : 0;
        } while (!frame.text().equals("last"));
        assertThat(missed).isPositive();
        assertThat(seen + missed).isEqualTo(MESSAGES);
        slow.sends("BEGIN\ntransaction:t\nreceipt:b\n\n^@").got("RECEIPT\nreceipt-id:b\n\n^@");
    }
}
