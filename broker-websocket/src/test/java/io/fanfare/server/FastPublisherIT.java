package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfare.broker.BrokerOptions;
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
    static final WireServer SERVER = new WireServer(options -> options.broker(BrokerOptions.builder()
            .outbox(o -> o.maxOutboxBytes(1L << 30))
            .memory(m -> m.highMemoryBytes(HIGH))
            .outbox(o -> o.writeTimeout(Duration.ofMinutes(1)))
            .build()));

    @ParameterizedTest
    @EnumSource(Transport.class)
    void itWaitsForSubscribersAndNothingIsLost(Transport transport) throws InterruptedException {
        StompSocket bob = SERVER.connect(transport).subscribes("id:0\ndestination:/topic/a");
        StompSocket alice = SERVER.connect(transport);
        AtomicInteger sent = new AtomicInteger();
        Thread publisher = new Thread(() -> {
            for (int i = 0; i < MESSAGES; i++) {
                alice.sends(SEND);
                sent.incrementAndGet();
            }
        });
        publisher.start();
        // it blocks in its socket: nothing more is read
        await().atMost(Duration.ofSeconds(20)).until(() -> SERVER.broker().memoryBytes() > HIGH);
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(20))
                .until(() -> publisher.isAlive() && SERVER.broker().memoryBytes() < 4 * HIGH);

        for (int i = 0; i < MESSAGES; i++) {
            assertThat(bob.next().command()).isEqualTo("MESSAGE");
        }
        publisher.join(10_000);
        assertThat(sent).hasValue(MESSAGES);
        alice.sends("BEGIN\ntransaction:t\nreceipt:r\n\n^@").got("RECEIPT\nreceipt-id:r\n\n^@");
        await().until(() -> SERVER.broker().memoryBytes() == 0);
    }
}
