package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.BrokerOptions;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A thousand clients that come, go, publish, stop reading, talk nonsense and vanish, all at once. Ends where it began.
 * {@code SOAK=10m} in the environment makes it longer; {@code .ci/soak} does.
 */
class SoakIT {

    private static final int CLIENTS = 1000;
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    /** Grown tables and compiled code; 1,000 sessions with what they hold are far more. */
    private static final long HEAP_BYTES = 8 << 20;

    @RegisterExtension
    static final TestServer SERVER = new TestServer(options -> options.broker(BrokerOptions.builder()
            .outbox(o -> o.writeTimeout(Duration.ofSeconds(1)).maxOutboxBytes(512 << 10))
            .queues(q -> q.maxQueueBytes(4 << 20))
            .build()));

    @Test
    void itEndsWhereItBegan() throws Exception {
        long seed = System.nanoTime();
        System.out.println("soak: seed " + seed);
        soak(seed, WARM_UP);
        Held before = Held.by(SERVER.running());
        Soak soak = soak(seed + 1, duration());
        Held after = Held.noMoreThan(before, HEAP_BYTES, SERVER.running());

        System.out.printf(
                "soak: %s; heap %,d B before, %,d B after; descriptors %d before, %d after; %d server threads%n",
                soak,
                before.heapBytes(),
                after.heapBytes(),
                before.descriptors(),
                after.descriptors(),
                after.threads().size());
    }

    private static Soak soak(long seed, Duration duration) throws Exception {
        Soak soak = new Soak(SERVER.running(), CLIENTS, seed);
        soak.run(duration);
        assertThat(soak.lost())
                .as("messages that the good subscriber missed, %s", soak)
                .isZero();
        return soak;
    }

    private static Duration duration() {
        return Duration.parse(
                "PT" + Objects.requireNonNullElse(System.getenv("SOAK"), "10s").toUpperCase(java.util.Locale.ROOT));
    }
}
