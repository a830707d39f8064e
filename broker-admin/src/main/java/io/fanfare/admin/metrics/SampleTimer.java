package io.fanfare.admin.metrics;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a monitor's task each second, on a daemon thread of its own that has ended when {@link #close} returns. */
final class SampleTimer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SampleTimer.class);

    private static final long INTERVAL_MILLIS = 1_000;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(this::newThread);

    /** The executor's; its termination is told before this has ended, so that a close joins it. */
    private volatile @Nullable Thread thread;

    private Thread newThread(Runnable task) {
        Thread created = new Thread(task, "fanfare-monitor");
        created.setDaemon(true);
        thread = created;
        return created;
    }

    /** Runs a task now and each second; an exception out of it ends that. */
    void repeat(Runnable task) {
        executor.scheduleAtFixedRate(task, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        executor.shutdownNow();
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            running.join(TIMEOUT.toMillis());
            if (running.isAlive()) {
                LOG.warn("{} has not ended within {}", running.getName(), TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
