package io.fanfare.publish;

import io.fanfare.loop.Loops;
import io.fanfare.loop.SharedTimer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Messages that wait for their delay, with the timer that publishes them. Any thread may take them. */
final class DelayedBatch {

    /** Null once it has been taken. */
    private final AtomicReference<@Nullable Batch> batch;

    private @Nullable SharedTimer timer;

    DelayedBatch(Batch batch) {
        this.batch = new AtomicReference<>(batch);
    }

    /** Starts the timer. */
    synchronized void schedule(Loops loops, Duration delay, Runnable whenDue) {
        if (batch.get() != null) {
            timer = loops.schedule(delay, loop -> whenDue.run());
        }
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
        if (timer != null) {
            timer.cancel();
        }
    }
}
