package io.fanfare.durable;

import io.fanfare.backplane.DurableClaim;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes down how far a durable subscription has come, once for all that is settled meanwhile. Owned by its loop. */
final class DurableSaves {

    /** Time between two, so that a client that settles one message after the other does not occupy all nodes. */
    private static final Duration INTERVAL = Duration.ofMillis(5);

    private final EventLoop loop;
    private final DurableClaim claim;
    private final Supplier<DurableProgress> progress;

    /** Completed with the next save; null: none is wanted. */
    private @Nullable CompletableFuture<Void> next;

    private boolean isUnderWay;
    private long last;
    private DurableProgress saved;

    DurableSaves(EventLoop loop, DurableClaim claim, Supplier<DurableProgress> progress) {
        this.loop = loop;
        this.claim = claim;
        this.progress = progress;
        this.saved = claim.progress();
        this.last = loop.nanoTime() - INTERVAL.toNanos();
    }

    /** Has what is known now saved; completed when it is. */
    CompletionStage<Void> save() {
        assert loop.isCurrent();
        CompletableFuture<Void> waiting = next;
        if (waiting == null) {
            waiting = new CompletableFuture<>();
            next = waiting;
            if (!isUnderWay) {
                isUnderWay = true;
                loop.execute(this::begin);
            }
        }
        return waiting;
    }

    /** As {@link #save}, if there is anything new. */
    void saveNews() {
        if (!progress.get().equals(saved)) {
            save();
        }
    }

    private void begin() {
        long left = INTERVAL.toNanos() - (loop.nanoTime() - last);
        if (left > 0) {
            loop.schedule(Duration.ofNanos(left), this::write);
        } else {
            write();
        }
    }

    private void write() {
        CompletableFuture<Void> waiting = next;
        next = null;
        last = loop.nanoTime();
        saved = progress.get();
        claim.save(saved).whenComplete((done, why) -> loop.execute(() -> written(waiting, why)));
    }

    private void written(@Nullable CompletableFuture<Void> waiting, @Nullable Throwable why) {
        if (next == null) {
            isUnderWay = false;
        } else {
            begin();
        }
        if (waiting != null && why == null) {
            waiting.complete(null);
        } else if (waiting != null) {
            waiting.completeExceptionally(why);
        }
    }
}
