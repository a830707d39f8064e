package io.fanfare.nats.internal;

import io.fanfare.backplane.LocalNode;
import io.fanfare.frame.CloseCode;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends clients to other nodes when this one has lost them for longer than the grace time. Any thread may call. */
public final class Isolation {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** How often clients are closed that come all the same. */
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Duration grace;
    private final ScheduledExecutorService timer;
    private @Nullable Future<?> closing;
    private volatile boolean isIsolated = true;

    /** Isolated from the start, until {@link #ends} says something else; the grace time begins with {@link #begins}. */
    public Isolation(Duration grace, ScheduledExecutorService timer) {
        this.grace = grace;
        this.timer = timer;
    }

    /** Whether this node is alone. */
    public boolean isIsolated() {
        return isIsolated;
    }

    /** The node has lost the others. */
    public synchronized void begins(LocalNode local) {
        isIsolated = true;
        if (closing == null && !timer.isShutdown()) {
            closing = timer.scheduleWithFixedDelay(
                    () -> close(local), grace.toMillis(), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void close(LocalNode local) {
        int connections = local.status().sessions();
        if (isIsolated && connections > 0) {
            LOG.warn("nats isolated for longer than {} ms, closing connections={}", grace.toMillis(), connections);
            local.closeSessions(CloseCode.RESTARTING, "this node has lost the others; connect again");
        }
    }

    /** The node has the others again. */
    public synchronized void ends() {
        isIsolated = false;
        if (closing != null) {
            closing.cancel(false);
            closing = null;
        }
    }
}
