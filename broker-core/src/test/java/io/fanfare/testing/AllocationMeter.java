package io.fanfare.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Asks the JVM what a thread has allocated. */
public final class AllocationMeter {

    private final com.sun.management.ThreadMXBean threads;

    /** Where the JVM does not tell, the test is skipped. */
    public AllocationMeter() {
        ThreadMXBean bean = ManagementFactory.getThreadMXBean();
        assumeTrue(bean instanceof com.sun.management.ThreadMXBean);
        threads = (com.sun.management.ThreadMXBean) bean;
    }

    /** Bytes that the calling thread has allocated so far. */
    public long bytes() {
        return threads.getCurrentThreadAllocatedBytes();
    }
}
