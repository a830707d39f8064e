package io.fanfare.durable;

import io.fanfare.backplane.DurableClaim;
import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.EventLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.MessageFilter;
import io.fanfare.queue.Queue;
import io.fanfare.queue.QueueConsumer;
import io.fanfare.queue.QueueSubscriber;
import io.fanfare.retention.Order;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A connection to this node that has a durable subscription, or is about to have it. Owned by the connection's loop. */
final class SharedDurable {

    /** A topic that is quiet while others of its rule are not must not look as if it had lost messages. */
    private static final Duration TICK = Duration.ofSeconds(5);

    /** Ticks between two saves of a subscription that gets nothing. */
    private static final int TICKS_BETWEEN = 6;

    private final SharedDurables owner;
    private final DurableKey key;
    private final List<Destination> destinations;
    private final Order order;
    private final QueueSubscriber subscriber;
    private final Durables.Holder holder;
    private final EventLoop loop;
    private final CompletableFuture<Headers> begun = new CompletableFuture<>();

    /** With all that belongs to it; null before the claim is there. */
    private @Nullable Attachment attachment;

    /** For operators; any thread reads it. */
    private final AtomicReference<@Nullable DurableBacklog> shown = new AtomicReference<>();

    private volatile boolean ended;

    /** Another one has it, or none has it any more. */
    private boolean isTaken;

    /** Whether all that topics keep of it is known. */
    private boolean replayed;

    private int ticks;

    /** What there is once the claim is. */
    private record Attachment(
            DurableClaim claim, DurableBacklog backlog, DurableSaves saves, Queue queue, QueueConsumer consumer) {}

    SharedDurable(
            SharedDurables owner,
            DurableKey key,
            List<Destination> destinations,
            Order order,
            QueueSubscriber subscriber,
            Durables.Holder holder) {
        this.owner = owner;
        this.key = key;
        this.destinations = destinations;
        this.order = order;
        this.subscriber = subscriber;
        this.holder = holder;
        this.loop = holder.loop().loop();
    }

    Durables.Holder holder() {
        return holder;
    }

    QueueSubscriber subscriber() {
        return subscriber;
    }

    /** Whether its connection has it still. */
    boolean isActive() {
        return !ended;
    }

    /** Where it begins unless it goes on: behind what this node has published by now. */
    DurableProgress start() {
        return new DurableProgress(order.epoch().name(), order.epoch().number(order.last()), List.of());
    }

    DurableRegistry.Claimant claimant() {
        return new DurableRegistry.Claimant(holder.name(), other -> loop.execute(() -> taken(other)));
    }

    private void taken(Optional<String> other) {
        isTaken = true;
        if (!ended) {
            holder.evict()
                    .accept(other.map(by -> Refusals.takenOver(key, by)).orElseGet(() -> Refusals.begunAnew(key)));
        }
    }

    /** Begins when the claim is there; completed on the loop. */
    CompletionStage<Headers> begin(CompletionStage<DurableClaim> claim) {
        claim.whenComplete((got, why) -> loop.execute(() -> {
            if (got != null) {
                claimed(got);
            } else {
                refused(why);
            }
        }));
        return begun;
    }

    private void refused(Throwable why) {
        owner.gone(key, this);
        if (ended && isTaken) {
            // by another SUBSCRIBE or an UNSUBSCRIBE behind this one, maybe of its own connection
            begun.complete(Headers.EMPTY);
        } else {
            begun.completeExceptionally(why);
        }
    }

    private void claimed(DurableClaim claim) {
        if (ended) {
            owner.gone(key, this);
            claim.leave(claim.progress(), claim.maybeDeliveredUpTo());
            begun.complete(Headers.EMPTY);
            return;
        }
        SharedDurables.Parts parts = owner.parts(loop, holder.quota().owner(), subscriber.filter());
        DurableBacklog backlog = new DurableBacklog(parts, destinations.size() > 1, claim.progress(), this::save);
        Queue queue = owner.queues().newPrivate(backlog::open);
        QueueConsumer consumer = new QueueConsumer(queue, subscriber, MessageFilter.ALL);
        attachment = new Attachment(claim, backlog, new DurableSaves(loop, claim, backlog::progress), queue, consumer);
        shown.set(backlog);
        // read before the backlog gets what comes from now on
        long published = order.epoch().number(order.last());
        try {
            for (Destination each : destinations) {
                owner.topics().add(each, backlog, holder.loop());
            }
        } catch (ProtocolException e) {
            begun.completeExceptionally(e);
            return;
        }
        queue.subscribe(consumer);
        DurableProgress from = claim.progress();
        boolean isOfThisLife = from.epoch().equals(order.epoch().name());
        if (!isOfThisLife) {
            backlog.beginAnew(order.epoch().name());
        }
        loop.startInParts(new DurablePast(
                owner.topics(),
                destinations,
                from,
                backlog::offer,
                isWhole -> replayed(claim, backlog, isWhole, isOfThisLife, published)));
        loop.schedule(TICK, this::tick);
    }

    private CompletionStage<Void> save() {
        Attachment now = attachment;
        return now == null
                ? CompletableFuture.completedFuture(null)
                : now.saves().save();
    }

    /** All that topics keep of it is in the backlog, or in the loop's mailbox. */
    private void replayed(
            DurableClaim claim, DurableBacklog backlog, boolean isWhole, boolean isOfThisLife, long published) {
        replayed = true;
        // of another life none knows what has been delivered
        boolean isAll =
                backlog.complete(isOfThisLife ? claim.maybeDeliveredUpTo() : Long.MAX_VALUE, published) && isWhole;
        begun.complete(
                claim.isNew()
                        ? Headers.EMPTY
                        : Headers.of("recovered", Boolean.toString(isAll))
                                .with(Headers.of("replayed", Integer.toString(backlog.size()))));
        // behind the RECEIPT, and behind what came while it was read
        loop.execute(backlog::goLive);
    }

    private void tick() {
        Attachment now = attachment;
        if (ended || now == null) {
            return;
        }
        long last = order.epoch().number(order.last());
        // behind all messages up to there
        loop.execute(() -> now.backlog().quietUpTo(last));
        if (++ticks % TICKS_BETWEEN == 0) {
            now.saves().saveNews();
        }
        loop.schedule(TICK, this::tick);
    }

    /** The subscriber goes. */
    void end() {
        assert loop.isCurrent();
        ended = true;
        holder.quota().remove(destinations.size());
        Attachment now = attachment;
        if (now == null) {
            return;
        }
        subscriber.deliveries().leave(now.consumer());
        now.backlog().close();
        for (Destination each : destinations) {
            owner.topics().remove(each, now.backlog(), holder.loop());
        }
        owner.queues().end(now.queue());
        owner.gone(key, this);
        now.claim().leave(now.backlog().progress(), replayed ? 0 : now.claim().maybeDeliveredUpTo());
    }

    /** What waits for its client; zeros before it is known. */
    DurableBacklog.Counts counts() {
        DurableBacklog backlog = shown.get();
        return backlog == null ? DurableBacklog.Counts.NONE : backlog.counts();
    }
}
