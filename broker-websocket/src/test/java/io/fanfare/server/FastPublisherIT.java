package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.testing.Await;
import io.fanfare.testing.StompSocket;
import io.fanfare.testing.Transport;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A publisher that is faster than its subscribers is slowed down by its own socket. */
class FastPublisherIT {

    private static final int MESSAGES = 1_000;
    private static final int HIGH = 2 << 20;

    private static final String SEND = "SEND\ndestination:/topic/a\n\n" + "x".repeat(100_000) + "^@";

    @RegisterExtension
    static final TestServer SERVER = TestServer.forEachTest(options -> options.broker(BrokerOptions.builder()
            .outbox(o -> o.maxOutboxBytes(1L << 30).writeTimeout(Duration.ofMinutes(10)))
            .memory(m -> m.highMemoryBytes(HIGH))
            .build()));

    @ParameterizedTest
    @EnumSource(Transport.class)
    void itWaitsForSubscribersAndNothingIsLost(Transport transport) throws InterruptedException {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        StompSocket alice = SERVER.connect(transport);
        bob.sends("SEND\ndestination:/topic/b\nreceipt:subscribed\n\n^@").got("RECEIPT\nreceipt-id:subscribed\n\n^@");
        long subscription = SERVER.broker().memoryBytes();
        AtomicInteger sent = new AtomicInteger();
        Thread publisher = new Thread(() -> {
            for (int i = 0; i < MESSAGES; i++) {
                alice.sends(SEND);
                sent.incrementAndGet();
            }
        });
        publisher.start();
        // it blocks in its socket: nothing more is read
        Await.until("the mark is passed", () -> SERVER.broker().memoryBytes() > HIGH);
        Await.throughout(
                Duration.ofMillis(500),
                "the publisher waits",
                () -> publisher.isAlive() && SERVER.broker().memoryBytes() < 4 * HIGH);

        for (int i = 0; i < MESSAGES; i++) {
            assertThat(bob.next().command()).isEqualTo("MESSAGE");
        }
        publisher.join(Await.DEADLINE.toMillis());
        assertThat(sent).hasValue(MESSAGES);
        alice.sends("BEGIN\ntransaction:t\n\n^@ABORT\ntransaction:t\nreceipt:r\n\n^@")
                .got("RECEIPT\nreceipt-id:r\n\n^@");
        Await.until("no message is kept", () -> SERVER.broker().memoryBytes() == subscription);
    }
}
