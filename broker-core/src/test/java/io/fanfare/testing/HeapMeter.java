package io.fanfare.testing;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;

/** Measures what the heap holds when all garbage has gone. */
public final class HeapMeter {

    private static final int COLLECTIONS = 20;
    private static final long SAME = 32 << 10;

    private HeapMeter() {}

    /** Bytes in use after collections that free nothing more. */
    public static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (i > 1 && least - used < SAME) {
                return Math.min(least, used);
            }
            least = Math.min(least, used);
        }
        return least;
    }

    /** Whether collections free what the reference is to. */
    public static boolean isFreed(WeakReference<?> reference) {
        for (int i = 0; i < COLLECTIONS && reference.get() != null; i++) {
            System.gc();
        }
        return reference.get() == null;
    }
}
