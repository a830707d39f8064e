package io.fanfare.server.internal.net;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Time that a client has for its part of an exchange. It stands still while the server does its own. Any thread may
 * call.
 */
public final class ClientTime {

    private final long timeout;
    private final LongSupplier clock;
    private final Alarms alarms;
    private final Runnable over;

    // guarded by this

    private long left;

    /** When it began to run. */
    private long began;

    /** How often it has begun: an alarm of before does not count. */
    private long runs;

    /** Null: it stands still. */
    private @Nullable Runnable cancel;

    private boolean ended;

    /** Runs tasks later. */
    @FunctionalInterface
    interface Alarms {

        /**
         * Runs a task once the time has passed.
         *
         * @return what cancels it
         */
        Runnable after(Duration delay, Runnable task);
    }

    private ClientTime(Duration timeout, LongSupplier clock, Alarms alarms, Runnable over) {
        this.timeout = timeout.toNanos();
        this.left = timeout.toNanos();
        this.clock = clock;
        this.alarms = alarms;
        this.over = over;
    }

    /**
     * Begins, by a loop's clock; called on the loop, as are all methods then.
     *
     * @param over run on the loop when the client has had the whole timeout
     */
    public static ClientTime begin(SelectorLoop loop, Duration timeout, Runnable over) {
        return begun(
                new ClientTime(timeout, loop::nanoTime, (delay, task) -> loop.schedule(delay, task)::cancel, over));
    }

    /**
     * Begins, by an executor's threads.
     *
     * @param over run by one of them when the client has had the whole timeout
     */
    public static ClientTime begin(ScheduledExecutorService executor, Duration timeout, Runnable over) {
        Alarms alarms = (delay, task) -> {
            ScheduledFuture<?> alarm = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> alarm.cancel(false);
        };
        return begun(new ClientTime(timeout, System::nanoTime, alarms, over));
    }

    private static ClientTime begun(ClientTime time) {
        time.run();
        return time;
    }

    /** The server waits for the client, which has what is left of its time. */
    public synchronized void run() {
        if (!ended && cancel == null) {
            long run = ++runs;
            began = clock.getAsLong();
            cancel = alarms.after(Duration.ofNanos(left), () -> ring(run));
        }
    }

    /** The client waits for the server. */
    public synchronized void pause() {
        if (cancel != null) {
            cancel.run();
            cancel = null;
            left = Math.max(0, left - (clock.getAsLong() - began));
        }
    }

    /** The server waits for the client, which has its whole time again. */
    public synchronized void restart() {
        pause();
        left = timeout;
        run();
    }

    /** Nothing is expected of the client any more. */
    public synchronized void end() {
        pause();
        ended = true;
    }

    private void ring(long run) {
        synchronized (this) {
            if (cancel == null || run != runs) {
                return;
            }
            cancel = null;
            ended = true;
        }
        over.run();
    }
}
