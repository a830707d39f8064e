package io.fanfare.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;

/** Measures what the heap holds when all garbage has gone. */
public final class HeapMeter {

    private static final int COLLECTIONS = 20;
    private static final long SAME = 32 << 10;

    private static final List<MemoryPoolMXBean> HEAP = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();

    private HeapMeter() {}

    /** Bytes in use after collections that free nothing more. */
    public static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            collect();
            long used = usedAfterCollection();
            if (i > 1 && least - used < SAME) {
                return Math.min(least, used);
            }
            least = Math.min(least, used);
        }
        return least;
    }

    /** Collects garbage, and returns when the JVM has handled the references to it, by which more may become garbage. */
    private static void collect() {
        ReferenceQueue<Object> handled = new ReferenceQueue<>();
        WeakReference<Object> last = new WeakReference<>(new Object(), handled);
        System.gc();
        Await.until("references to garbage are handled", () -> handled.poll() != null);
        assert last.get() == null;
    }

    /**
     * Bytes in use at the end of the last collection, while all threads stood. What is in use at another time has the
     * allocation buffers of other threads in it, which take megabytes however little is in them.
     */
    private static long usedAfterCollection() {
        return HEAP.stream()
                .map(MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }

    /** Whether collections free what the reference is to. */
    public static boolean isFreed(WeakReference<?> reference) {
        for (int i = 0; i < COLLECTIONS && reference.get() != null; i++) {
            System.gc();
        }
        return reference.get() == null;
    }
}
