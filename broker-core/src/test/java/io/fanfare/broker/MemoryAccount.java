package io.fanfare.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.HeapMeter;

/** Compares the memory that a broker counts with what the heap grows by. */
final class MemoryAccount {

    private MemoryAccount() {}

    /** What the heap grows by meanwhile, and what the broker counts, differ by no more than the factor 2. */
    static void assertCounted(Broker broker, Runnable work) {
        long before = HeapMeter.usedBytes();
        long countedBefore = broker.memoryBytes();
        work.run();
        long heap = HeapMeter.usedBytes() - before;
        long counted = broker.memoryBytes() - countedBefore;
        assertThat(counted).as("bytes counted, of %,d in the heap", heap).isBetween(heap / 2, 2 * heap);
    }
}
