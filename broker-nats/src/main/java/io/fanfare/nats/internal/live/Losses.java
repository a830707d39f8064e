package io.fanfare.nats.internal.live;

import io.fanfare.backplane.LocalNode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.LogThrottle;
import io.fanfare.message.Destination;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the broker of lost messages: once for all that are noticed within a short time. Any thread may call. */
final class Losses {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** After an outage each other node's gap is noticed for itself; clients connect again once. */
    static final Duration GATHERING = Duration.ofMillis(200);

    private static final String WHY = "messages of other nodes were lost; connect again";

    private final LocalNode local;
    private final ScheduledExecutorService timer;
    private final LogThrottle refusals = new LogThrottle();
    private boolean isTelling;

    Losses(LocalNode local, ScheduledExecutorService timer) {
        this.local = local;
        this.timer = timer;
    }

    /** Something has not come. */
    void add(String what) {
        LOG.warn("nats lost {}", what);
        tellSoon();
    }

    /** What was sent before this node had joined has not come to clients that were there already, if there was anything. */
    void addEarly() {
        int sessions = local.status().sessions();
        if (sessions > 0) {
            LOG.info("nats joined late: clients with subscriptions to topics connect again, sessions={}", sessions);
            tellSoon();
        }
    }

    private synchronized void tellSoon() {
        if (!isTelling && !timer.isShutdown()) {
            isTelling = true;
            timer.schedule(this::tell, GATHERING.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tell() {
        synchronized (this) {
            isTelling = false;
        }
        local.lost(WHY);
    }

    /** This node's broker does not take a message of another node, for want of room for its destination. */
    void refused(Destination destination, ProtocolException why) {
        long count = refusals.next(System.nanoTime());
        if (count > 0) {
            LOG.warn(
                    "nats refused destination={} reason={} detail={} since-last-line={}",
                    destination,
                    why.summary(),
                    why.detail(),
                    count);
        }
    }
}
