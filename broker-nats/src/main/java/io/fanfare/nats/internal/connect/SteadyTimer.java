package io.fanfare.nats.internal.connect;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Timer of all connections of jnats, which sends their Pings. What is late is not made up for: behind a pause of this
 * process several Pings at once would be without an answer, and a server that has been there all the time be left. Its
 * thread ends a moment after its last task.
 */
final class SteadyTimer extends ScheduledThreadPoolExecutor {

    static final SteadyTimer INSTANCE = new SteadyTimer();

    SteadyTimer() {
        super(1, task -> {
            Thread thread = new Thread(task, "fanfare-nats-timer");
            thread.setDaemon(true);
            return thread;
        });
        setRemoveOnCancelPolicy(true);
        setKeepAliveTime(1, TimeUnit.SECONDS);
        allowCoreThreadTimeOut(true);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long first, long period, TimeUnit unit) {
        return scheduleWithFixedDelay(task, first, period, unit);
    }
}
