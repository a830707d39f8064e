package io.fanfare.publish;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Messages that wait for their delay, with the timer of the loop that publishes them. Any thread may take them. */
final class DelayedBatch {

    /** Null once it has been taken. */
    private final AtomicReference<@Nullable Batch> batch;

    private @Nullable EventLoop loop;
    private @Nullable Timer timer;

    DelayedBatch(Batch batch) {
        this.batch = new AtomicReference<>(batch);
    }

    /** Starts the timer; called on the loop. */
    synchronized void schedule(EventLoop on, Duration delay, Runnable whenDue) {
        if (batch.get() != null) {
            loop = on;
            timer = on.schedule(delay, () -> {
                over();
                whenDue.run();
            });
        }
    }

    private synchronized void over() {
        timer = null;
    }

    /** The messages, for the first caller; null for others. */
    @Nullable
    Batch take() {
        Batch taken = batch.getAndSet(null);
        if (taken != null) {
            stopTimer();
        }
        return taken;
    }

    private synchronized void stopTimer() {
        if (loop != null && timer != null) {
            loop.execute(timer::cancel);
        }
    }
}
