package io.fanfare.server;

import io.fanfare.broker.Broker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the end of a drain, and logs how many sessions are left. */
final class DrainWatch {

    private static final Logger LOG = LoggerFactory.getLogger(DrainWatch.class);

    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);

    private final Broker broker;

    DrainWatch(Broker broker) {
        this.broker = broker;
    }

    /** Returns when no session is left, when the time is over, or when the thread is interrupted, which it stays. */
    void await(Duration atMost) {
        if (broker.sessionCount() == 0) {
            return;
        }
        LOG.info("draining clients={} atMostMillis={}", broker.sessionCount(), atMost.toMillis());
        long end = System.nanoTime() + atMost.toNanos();
        long left = atMost.toNanos();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            if (broker.awaitNoSessions(Duration.ofNanos(Math.min(left, REPORT_INTERVAL.toNanos())))) {
                LOG.info("drained");
                return;
            }
            left = end - System.nanoTime();
            LOG.info("draining left={}", broker.sessionCount());
        }
    }
}
