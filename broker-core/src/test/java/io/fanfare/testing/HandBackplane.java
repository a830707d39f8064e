package io.fanfare.testing;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.Carriage;
import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.backplane.PresenceChange;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.backplane.SharedOperations;
import io.fanfare.backplane.SharedQueue;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A backplane between brokers of one test: live messages arrive at once, and the test says when what must be kept is. Names that
 * begin with {@code kept} or {@code shared} are kept outside, dead letters of the latter too; other queues are refused.
 */
public final class HandBackplane implements Backplane {

    private final List<HandBackplane> nodes;
    private final String node;
    private final List<LocalNode> local = new ArrayList<>(1);

    /** What waits to be kept. */
    public final Queue<CompletableFuture<Outcome>> appends = new ArrayDeque<>();

    /** RECEIPTs that wait for what was forwarded; completed at once unless {@link #holdsForwarded}. */
    public final Queue<CompletableFuture<Integer>> forwarded = new ArrayDeque<>();

    public boolean holdsForwarded;

    /** What is to be kept is kept before the call returns. */
    public boolean keepsAtOnce;

    private final HandQueues queues;
    private final HandDurables durables;

    /** What other nodes were told of this one's sessions. */
    public final List<PresenceChange> presence = new ArrayList<>();

    /** Bytes that wait for other nodes, as far as a broker hears. */
    public volatile long underWay;

    /** How often it has asked. */
    public final AtomicInteger underWayAsked = new AtomicInteger();

    /** As a bug would do it. */
    public boolean failsAtPresence;

    /**
     * A node.
     *
     * @param nodes all of them, to which this one is added
     */
    public HandBackplane(String node, List<HandBackplane> nodes) {
        this.node = node;
        this.nodes = nodes;
        this.queues = nodes.isEmpty() ? new HandQueues() : nodes.get(0).queues;
        this.durables = nodes.isEmpty() ? new HandDurables() : nodes.get(0).durables;
        nodes.add(this);
    }

    @Override
    public String node() {
        return node;
    }

    /** The shared queues, those of all nodes. */
    public HandQueues shared() {
        return queues;
    }

    /** The durable subscriptions, those of all nodes. */
    @Override
    public HandDurables durables() {
        return durables;
    }

    @Override
    public void start(LocalNode here) {
        local.add(here);
    }

    /** The broker, as backplanes see it. */
    public LocalNode local() {
        return local.get(0);
    }

    @Override
    public Carriage carriage(Destination destination) {
        if (destination.temporaryOwner() != null) {
            return destination.temporaryOwner().startsWith(node + "-") ? Carriage.HERE : Carriage.OWNER;
        }
        if (destination.kind() == Destination.Kind.QUEUE) {
            if (!destination.name().startsWith("shared") && !destination.name().startsWith("DLQ.shared")) {
                throw new ProtocolException("queue not shared", "name it in queues.shared");
            }
            return Carriage.QUEUE;
        }
        return destination.name().startsWith("kept") ? Carriage.KEPT : Carriage.LIVE;
    }

    @Override
    public void forward(Destination destination, Message message) {
        MessageRecord record =
                MessageRecord.read(MessageRecord.write(destination, message, BrokerClock.SYSTEM), BrokerClock.SYSTEM);
        for (HandBackplane each : nodes) {
            if (each != this) {
                each.local()
                        .deliver(
                                record.destination(),
                                List.of(record.message().with(record.message().headers())));
            }
        }
    }

    @Override
    public CompletionStage<Integer> forwarded() {
        CompletableFuture<Integer> stage = new CompletableFuture<>();
        if (holdsForwarded) {
            forwarded.add(stage);
        } else {
            stage.complete(nodes.size());
        }
        return stage;
    }

    @Override
    public CompletionStage<Outcome> hand(Destination destination, Message message) {
        for (HandBackplane each : nodes) {
            if (destination.temporaryOwner() != null
                    && destination.temporaryOwner().startsWith(each.node + "-")) {
                return CompletableFuture.completedFuture(each.local().deliver(destination, List.of(message)));
            }
        }
        return CompletableFuture.completedFuture(Outcome.dropped(List.of(message)));
    }

    @Override
    public CompletionStage<Outcome> append(Destination topic, Message message) {
        return waiting();
    }

    @Override
    public CompletionStage<Outcome> enqueue(Destination queue, Message message, @Nullable String id) {
        CompletableFuture<Outcome> stage = waiting();
        return stage.thenApply(kept -> queues.add(queue, message, id) ? kept : Outcome.DUPLICATE);
    }

    @Override
    public List<SharedQueue> queues() {
        return queues.status();
    }

    @Override
    public SharedOperations operations() {
        return queues;
    }

    @Override
    public QueueSource take(Destination queue, QueueTaker taker) {
        return queues.take(queue, taker);
    }

    private CompletableFuture<Outcome> waiting() {
        CompletableFuture<Outcome> stage = new CompletableFuture<>();
        appends.add(stage);
        if (keepsAtOnce) {
            keeps();
        }
        return stage;
    }

    /** The oldest of what waits is kept. */
    public void keeps() {
        appends.remove().complete(new Outcome(1, 0, 1, 0));
    }

    /** The oldest of what waits is refused. */
    public void refuses(String why) {
        appends.remove()
                .completeExceptionally(new ProtocolException(why, "the queue is kept elsewhere, and was not reached"));
    }

    @Override
    public void present(PresenceChange change) {
        if (failsAtPresence) {
            throw new IllegalStateException("a bug of the backplane");
        }
        presence.add(change);
    }

    @Override
    public long bytesUnderWay() {
        underWayAsked.incrementAndGet();
        return underWay;
    }

    @Override
    public void close() {
        nodes.remove(this);
    }
}
