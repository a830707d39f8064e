package io.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.broker.LocalSubscription;
import io.fanfare.testing.Await;
import io.fanfare.testing.HeapMeter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Servers that start and stop in one JVM leave nothing. */
class StartStopIT {

    private static final int ROUNDS = 60;

    /** A server has 512 KiB of buffers for each loop that has had a connection: one that is left would be seen. */
    private static final long HEAP_BYTES = 1 << 20;

    private static final int DESCRIPTORS = 5;

    private static void round() throws InterruptedException {
        CountDownLatch got = new CountDownLatch(1);
        try (FanfareServer server =
                FanfareServer.builder().port(0).loops(2).admin(a -> a.port(0)).start()) {
            LocalSubscription subscription = server.subscribe("/topic/a", message -> got.countDown());
            server.publish("/topic/a", "hi");
            assertThat(got.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(subscription.isOpen()).isTrue();
        }
    }

    @Test
    void serversThatStartAndStopLeaveNothing() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            round();
        }
        int threads = Jvm.serverThreads().size();
        int descriptors = Jvm.fileDescriptors();
        long heap = HeapMeter.usedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        assertThat(Jvm.serverThreads()).as("threads").hasSizeLessThanOrEqualTo(threads);
        Await.until(
                "descriptors are closed: at first " + descriptors,
                () -> Jvm.fileDescriptors() <= descriptors + DESCRIPTORS);
        assertThat(HeapMeter.usedBytes()).as("bytes of heap").isLessThan(heap + HEAP_BYTES);
    }
}
