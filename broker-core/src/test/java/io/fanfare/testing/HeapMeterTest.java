package io.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class HeapMeterTest {

    private static final int KEPT_BYTES = 4 << 20;
    private static final int MEASURES = 10;

    /** As the allocation buffers of other threads are not what is measured. */
    @Test
    void garbageOfAnotherThreadIsNotMeasured() throws InterruptedException {
        AtomicBoolean isDone = new AtomicBoolean();
        AtomicLong allocations = new AtomicLong();
        AtomicReference<byte[]> newest = new AtomicReference<>();
        Thread other = new Thread(() -> {
            while (!isDone.get()) {
                newest.set(new byte[100]);
                allocations.incrementAndGet();
            }
        });
        other.start();
        try {
            long before = HeapMeter.usedBytes();
            byte[] kept = new byte[KEPT_BYTES];
            for (int i = 0; i < MEASURES; i++) {
                long atStart = allocations.get();
                Await.until("the other thread has allocated", () -> allocations.get() > atStart + 1_000);
                assertThat(HeapMeter.usedBytes() - before).isBetween(KEPT_BYTES * 9L / 10, KEPT_BYTES * 11L / 10);
            }
            Reference.reachabilityFence(kept);
        } finally {
            isDone.set(true);
            other.join();
        }
    }
}
