package io.fanfare.broker;

import io.fanfare.backplane.Lease;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Target;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.status.QueueStatus;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves messages of a shared queue to another one, as a consumer that acknowledges each when it is there: no other consumer gets it
 * meanwhile, and a crash between the two has it at both places, never at none. What consumers have stays.
 */
final class SharedMove implements QueueTaker {

    /** Messages that are on their way at a time. */
    private static final int WINDOW = 256;

    /** A caller gets an answer by then; what is left stays. */
    private static final Duration MOST = Duration.ofSeconds(20);

    /** How often the engine is asked whether there is more. */
    private static final Duration LOOK = Duration.ofMillis(100);

    /** No message has come for so long, and the engine knows of none that it could send. */
    private static final Duration QUIET = Duration.ofMillis(300);

    /** Puts a message there. */
    interface Put {
        /**
         * Completed when it is kept.
         *
         * @param id that no other message has, the same when it is tried again
         */
        CompletionStage<Outcome> put(Message message, String id);
    }

    private final Target target;
    private final long most;
    private final Put put;
    private final BrokerClock clock;

    /** Released for each message that has ended. */
    private final Semaphore ends = new Semaphore(0);

    private @Nullable QueueSource source;

    // guarded by this

    private long begun;
    private long moved;
    private int underWay;
    private long cameAt;
    private @Nullable ProtocolException refusal;

    /** Whether the caller has an answer, or is about to: what comes from then on was on its way, and goes back. */
    private boolean hasEnded;

    /**
     * Moves nothing yet.
     *
     * @param most messages
     */
    SharedMove(Destination to, long most, Put put, BrokerClock clock) {
        this.target = new Target(to, DestinationText.of(to));
        this.most = most;
        this.put = put;
        this.clock = clock;
    }

    /**
     * Moves; returns when the queue has no more for it, or something is refused.
     *
     * @param from brings messages to this
     * @param look asks the engine what the queue holds
     */
    QueueAdministration.Moved run(QueueSource from, Supplier<Optional<QueueStatus>> look) {
        long begin = clock.nanoTime();
        synchronized (this) {
            source = from;
            cameAt = begin;
            want();
        }
        try {
            while (!isOver() && !isDry(look)) {
                if (clock.nanoTime() - begin > MOST.toNanos()) {
                    refuse(unfinished());
                }
            }
        } finally {
            end(from);
        }
        return awaitUnderWay();
    }

    private boolean isOver() {
        if (!isDone()) {
            pause();
        }
        return isDone();
    }

    private synchronized boolean isDone() {
        return refusal != null || (begun == most && underWay == 0);
    }

    /** Whether there is nothing but what consumers have. */
    private boolean isDry(Supplier<Optional<QueueStatus>> look) {
        synchronized (this) {
            if (underWay > 0 || clock.nanoTime() - cameAt < QUIET.toNanos()) {
                return false;
            }
        }
        return look.get().map(found -> found.depth() == 0).orElse(true);
    }

    private void end(QueueSource from) {
        synchronized (this) {
            hasEnded = true;
        }
        from.close();
    }

    private QueueAdministration.Moved awaitUnderWay() {
        // each ends by itself: the engine's or the queue's own patience has a limit
        while (isUnderWay() && !Thread.currentThread().isInterrupted()) {
            pause();
        }
        synchronized (this) {
            return new QueueAdministration.Moved(moved, refusal);
        }
    }

    private synchronized boolean isUnderWay() {
        return underWay > 0;
    }

    /** Until a message has ended, or for a while. */
    private void pause() {
        try {
            if (ends.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                ends.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(unfinished());
        }
    }

    private ProtocolException unfinished() {
        return new ProtocolException(
                "move unfinished", "there is more to move than was done in time; move again", CloseCode.OVERLOAD);
    }

    @Override
    public void take(Message message, int deliveries, Lease lease) {
        synchronized (this) {
            cameAt = clock.nanoTime();
            if (hasEnded || refusal != null || begun == most) {
                lease.giveBack(0);
                return;
            }
            begun++;
            underWay++;
        }
        place(message, lease).thenCompose(kept -> lease.settle()).whenComplete((done, failure) -> ended(failure));
        synchronized (this) {
            want();
        }
    }

    private CompletionStage<Outcome> place(Message message, Lease lease) {
        CompletionStage<Outcome> kept;
        try {
            kept = put.put(message.to(target).withoutSender(), lease.id());
        } catch (ProtocolException e) {
            kept = CompletableFuture.failedFuture(e);
        }
        return kept.whenComplete((done, failure) -> {
            if (failure != null) {
                lease.giveBack(0);
            }
        });
    }

    private synchronized void ended(@Nullable Throwable failure) {
        underWay--;
        if (failure == null) {
            moved++;
        } else {
            refuse(cause(failure));
        }
        want();
        ends.release();
    }

    private static ProtocolException cause(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof ProtocolException refused
                ? refused
                : new ProtocolException("queue unavailable", "a message could not be moved: " + cause.getMessage());
    }

    private synchronized void refuse(ProtocolException why) {
        refusal = refusal == null ? why : refusal;
        want();
    }

    private void want() {
        QueueSource from = source;
        if (from != null) {
            from.want(refusal != null ? 0 : (int) Math.min(WINDOW - underWay, most - begun));
        }
    }
}
