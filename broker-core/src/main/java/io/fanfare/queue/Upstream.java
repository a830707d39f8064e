package io.fanfare.queue;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.Lease;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.frame.Printable;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.LogThrottle;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.DeathReason;
import io.fanfare.statistics.Drop;
import io.fanfare.statistics.MessageCounts;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upstream of a queue that several nodes share, or of a durable subscription, outside of this node: messages come from there when
 * consumers can take them, and each goes back there or is settled there. The local {@link Queue} holds what this node's
 * consumers have, and nothing else. Any thread may call.
 */
final class Upstream implements QueueTaker {

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);

    /** The part of the queue that is here; all but its options belongs to the queue's lock. */
    record Local(Queue queue, Contents contents, Dispatcher dispatcher, QueueOptions options) {}

    /**
     * Where messages come from.
     *
     * @param open begins to bring them
     * @param deadLetters keeps those that are of no use; null: nothing does
     */
    record Origin(
            Function<QueueTaker, QueueSource> open,
            @Nullable Backplane deadLetters) {

        /** A queue that several nodes share. */
        static Origin shared(Destination queue, Backplane backplane) {
            return new Origin(taker -> backplane.take(queue, taker), backplane);
        }
    }

    private final @Nullable Destination destination;
    private final Local local;
    private final QueueOptions options;
    private final MessageCounts counts;
    private final BrokerClock clock;
    private final @Nullable Backplane backplane;
    private final LogThrottle lines = new LogThrottle();

    /** Null: {@link #open} has not returned, and the queue does not know its upstream yet. */
    private @Nullable QueueSource source;

    private Upstream(
            @Nullable Destination destination, Local local, MessageCounts counts, BrokerClock clock, Origin origin) {
        this.destination = destination;
        this.local = local;
        this.options = local.options();
        this.counts = counts;
        this.clock = clock;
        this.backplane = origin.deadLetters();
    }

    /** Begins to bring messages: they may come from now on, by any thread. */
    static Upstream open(
            @Nullable Destination destination, Local local, MessageCounts counts, BrokerClock clock, Origin origin) {
        Upstream upstream = new Upstream(destination, local, counts, clock, origin);
        upstream.source = origin.open().apply(upstream);
        return upstream;
    }

    /** Has as many messages come as consumers can take more; none beyond the bytes that a queue may hold. Called under the lock. */
    void tellCredit() {
        boolean hasRoom = local.contents().bytes() < options.maxQueueBytes();
        Objects.requireNonNull(source)
                .want(hasRoom ? (int) Math.min(local.dispatcher().credit(), Integer.MAX_VALUE) : 0);
    }

    @Override
    public void take(Message message, int deliveries, Lease lease) {
        if (message.isExpired(clock.uptimeMillis())) {
            counts.expired(1);
            lease.discard();
        } else if (isWornOut(deliveries - 1)) {
            bury(message, deliveries - 1, lease, DeathReason.MAX_DELIVERIES);
        } else if (!hand(message, deliveries, lease)) {
            lease.giveBack(0);
        }
    }

    @Override
    public int consumers() {
        return local.queue().statistics().consumers();
    }

    /** Hands a message to a consumer; false when none has credit. */
    private boolean hand(Message message, int deliveries, Lease lease) {
        synchronized (local.queue()) {
            boolean handed =
                    local.dispatcher().handNext(() -> local.contents().addTaken(message, deliveries - 1, lease));
            tellCredit();
            return handed;
        }
    }

    private boolean isWornOut(int deliveries) {
        return DeadLetters.isDue(destination, deliveries, options);
    }

    /**
     * Does what a client says with deliveries that have left the queue.
     *
     * @param delay milliseconds before what goes back is delivered again; {@link Deliveries#BACK_OFF}
     * @return completed when the engine has confirmed it
     */
    CompletionStage<Void> settle(List<QueueEntry> entries, Deliveries.Verdict verdict, long delay) {
        if (entries.size() == 1) {
            return settle(entries.get(0), verdict, delay);
        }
        return CompletableFuture.allOf(entries.stream()
                .map(each -> settle(each, verdict, delay).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    private CompletionStage<Void> settle(QueueEntry entry, Deliveries.Verdict verdict, long delay) {
        return switch (verdict) {
            case ACK -> entry.lease().settle();
            case REQUEUE ->
                isWornOut(entry.deliveries())
                        ? bury(entry.message(), entry.deliveries(), entry.lease(), DeathReason.MAX_DELIVERIES)
                        : entry.lease().giveBack(millis(entry, delay));
            case REJECT -> bury(entry.message(), entry.deliveries(), entry.lease(), DeathReason.REJECTED);
        };
    }

    private long millis(QueueEntry entry, long delay) {
        return delay == Deliveries.BACK_OFF
                ? Redeliveries.backOff(options, entry.deliveries())
                : Math.min(delay, Redeliveries.LONGEST_MILLIS);
    }

    /** Appends a message to the dead letters before it ends here: with a crash between the two it is there twice, and never lost. */
    private CompletionStage<Void> bury(Message message, int deliveries, Lease lease, DeathReason reason) {
        Destination from = destination;
        Backplane keeper = backplane;
        if (from == null || keeper == null || DeadLetters.isDeadLetterQueue(from)) {
            counts.dropped(Drop.REJECTED, 1);
            return lease.discard();
        }
        Message dead = DeadLetters.dead(from, message, deliveries, reason);
        return keeper.enqueue(DeadLetters.of(from), dead, lease.id())
                .thenCompose(kept -> {
                    counts.buried(reason);
                    return lease.discard();
                })
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        stays(from, failure);
                        lease.giveBack(options.maxRedeliveryDelay().toMillis());
                    }
                });
    }

    private void stays(Destination from, Throwable why) {
        long count = lines.next(clock.nanoTime());
        if (count > 0) {
            LOG.warn(
                    "a message of {} stays there, as its dead letters cannot be had: {} since-last-line={}",
                    Printable.of(DestinationText.of(from)),
                    String.valueOf(why.getMessage()),
                    count);
        }
    }

    /** The node has no consumers of it any more. */
    void close() {
        Objects.requireNonNull(source).close();
    }
}
