package io.fanfare.loop;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A task of the broker, and of no connection, that one of the {@link Loops} runs once. Any thread may cancel it. */
public final class SharedTimer {

    private final Duration delay;

    /** Null when it has run or has been cancelled. */
    private @Nullable Consumer<EventLoop> task;

    /** Where the timer is; null: a loop has yet to start it. */
    private @Nullable EventLoop loop;

    private @Nullable Timer timer;

    /** Not started yet: the delay begins when a loop does it. */
    SharedTimer(Duration delay, Consumer<EventLoop> task) {
        this.delay = delay;
        this.task = task;
    }

    /** Starts it; called on the loop. */
    synchronized void start(EventLoop on) {
        if (task != null) {
            loop = on;
            timer = on.schedule(delay, () -> run(on));
        }
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
