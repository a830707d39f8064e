package io.fanfare.topic;

import io.fanfare.loop.Memory;
import io.fanfare.loop.Outbox;
import io.fanfare.loop.Refill;
import io.fanfare.message.MessageEncoder;
import io.fanfare.statistics.Count;
import io.fanfare.statistics.LoopCounts;
import io.fanfare.statistics.SlowAction;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One connection's subscriptions whose messages wait because the socket is full; each has its backlog, and all of them
 * share what may wait for the connection. Owned by the connection's loop.
 */
public final class BackloggedSubscriptions {

    /** Bytes that go into the outbox before the next part waits for it to drain. */
    private static final long PART_BYTES = 64 << 10;

    private final Outbox outbox;
    private final MessageEncoder encoder;
    private final LoopCounts counts;
    private final Budget budget;

    /** The backlogs that hold a message or have a loss to tell. */
    private final Map<TopicSubscriber, Backlog> backlogs = new IdentityHashMap<>(0);

    /** Those that hold messages, in the order of their turns. */
    private final Set<TopicSubscriber> waiting = new LinkedHashSet<>(0);

    private final Refill refill;

    /**
     * None that wait.
     *
     * @param memory counts what waits
     */
    public BackloggedSubscriptions(Outbox outbox, MessageEncoder encoder, Memory memory) {
        this.outbox = outbox;
        this.encoder = encoder;
        this.counts = outbox.loop().counts();
        this.budget = new Budget(memory, counts, outbox.maxBytes());
        this.refill = new Refill(outbox, this::sendPart);
    }

    /**
     * Whether a message can't go out as it is: the socket is full or may not take it, earlier messages wait, or a loss is
     * to be told. A policy that may drop is asked before the outbox overflows.
     *
     * @param bytes about what the message takes in the outbox
     */
    boolean mustWait(TopicSubscriber subscriber, long bytes) {
        return outbox.isBlocked()
                || !outbox.hasRoomFor(bytes)
                || (!backlogs.isEmpty() && backlogs.containsKey(subscriber));
    }

    /** Keeps a message for later. */
    void add(TopicSubscriber subscriber, Backlog.Entry entry) {
        assert outbox.loop().isCurrent();
        Backlog backlog = backlogs.computeIfAbsent(subscriber, this::newBacklog);
        backlog.add(entry);
        if (!backlog.isEmpty()) {
            waiting.add(subscriber);
        }
        // at the end of the turn, if nothing is in the way
        outbox.touch();
    }

    private Backlog newBacklog(TopicSubscriber subscriber) {
        counts.slow(SlowAction.BACKLOG);
        return new Backlog(subscriber.policy(), budget);
    }

    /** A subscription has ended: what waits for it is thrown away. */
    public void end(TopicSubscriber subscriber) {
        assert outbox.loop().isCurrent();
        Backlog backlog = backlogs.remove(subscriber);
        if (backlog != null) {
            backlog.clear();
            waiting.remove(subscriber);
        }
    }

    /** Everything has left the outbox: the next messages of each follow in the next turn. */
    public void drained() {
        if (!waiting.isEmpty()) {
            refill.drained();
        }
    }

    /** Sends the next messages of each, by turns. */
    private void sendPart() {
        long sent = 0;
        while (sent < PART_BYTES && !waiting.isEmpty()) {
            TopicSubscriber subscriber = waiting.iterator().next();
            waiting.remove(subscriber);
            Backlog backlog = backlogs.get(subscriber);
            if (backlog == null) {
                continue;
            }
            // empty when another one has used up what they share
            Backlog.Entry entry = backlog.poll();
            if (entry != null) {
                sent += send(subscriber, entry);
            }
            if (!backlog.isEmpty()) {
                waiting.add(subscriber);
            } else if (backlog.isIdle()) {
                backlogs.remove(subscriber);
            }
        }
    }

    private int send(TopicSubscriber subscriber, Backlog.Entry entry) {
        var chunk = encoder.encode(outbox, entry.message(), subscriber.encoding(), entry.dropped(), entry.conflated());
        outbox.send(chunk);
        counts.add(Count.DELIVERED, 1);
        return chunk.length() - chunk.lastFrame();
    }
}
