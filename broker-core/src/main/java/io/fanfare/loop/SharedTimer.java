package io.fanfare.loop;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task of the broker, and of no connection, that one of the {@link Loops} runs once; when that loop ends, another one does. */
public final class SharedTimer {

    private final Loops loops;
    private final Duration delay;

    /** Null when it has run or has been cancelled. */
    private @Nullable Consumer<EventLoop> task;

    /** Where the timer is; null: a loop has yet to start it. */
    private @Nullable EventLoop loop;

    private @Nullable Timer timer;

    /** By the clock that all loops share, in nanoseconds; not known before the first start. */
    private long due;

    /** Not started yet: the delay begins when a loop does it. */
    SharedTimer(Loops loops, Duration delay, Consumer<EventLoop> task) {
        this.loops = loops;
        this.delay = delay;
        this.task = task;
    }

    /** Starts it; called on the loop. */
    synchronized void start(EventLoop on) {
        if (task != null && (loop == null || loop.hasEnded())) {
            due = loop == null ? on.nanoTime() + delay.toNanos() : due;
            loop = on;
            timer = on.schedule(Duration.ofNanos(Math.max(0, due - on.nanoTime())), () -> run(on));
        }
    }

    /** Whether it needs another loop when this one has ended. */
    synchronized boolean isLostWith(EventLoop ended) {
        return task != null && (loop == null || loop == ended);
    }

    private void run(EventLoop on) {
        Consumer<EventLoop> now = take();
        if (now != null) {
            now.accept(on);
        }
    }

    private synchronized @Nullable Consumer<EventLoop> take() {
        Consumer<EventLoop> taken = task;
        task = null;
        timer = null;
        loops.forget(this);
        return taken;
    }

    /** Has it not run, if it has not yet; called by any thread. */
    public void cancel() {
        EventLoop on;
        Timer set;
        synchronized (this) {
            on = loop;
            set = timer;
            take();
        }
        if (on != null && set != null) {
            on.execute(set::cancel);
        }
    }
}
