package io.fanfare.topic;

import io.fanfare.loop.Memory;
import io.fanfare.loop.Outbox;
import io.fanfare.loop.Refill;
import io.fanfare.message.MessageEncoder;
import io.fanfare.retention.Coverage;
import io.fanfare.statistics.Count;
import io.fanfare.statistics.LoopCounts;
import io.fanfare.statistics.SlowAction;
import io.fanfare.topic.backlog.AudienceBatch;
import io.fanfare.topic.backlog.Backlog;
import io.fanfare.topic.backlog.Budget;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's subscriptions whose messages wait, because the socket is full or because older ones come first; each has
 * its backlog, and all of them share what may wait for the connection. Owned by the connection's loop.
 */
public final class BackloggedSubscriptions {

    /** Bytes that go into the outbox before the next part waits for it to drain. */
    private static final long PART_BYTES = 64 << 10;

    /**
     * What a subscription has got of what was published before it.
     *
     * @param covered by topic, up to where live messages were among them; not changed afterwards
     * @param lost messages that were asked for and could not be given, which the next one tells
     */
    record Replayed(Coverage covered, long lost) {

        /** Whether a message, or a newer one of its key, was among those that were replayed. */
        boolean covers(Backlog.Entry entry) {
            Coverage.Covered upTo = covered.get(entry.topic());
            return upTo != null && upTo.covers(entry.message());
        }
    }

    /** In place of what has been replayed: the replay goes on. */
    private static final Replayed REPLAYING = new Replayed(Coverage.none(), 0);

    static final Replayed NOTHING_REPLAYED = new Replayed(Coverage.none(), 0);

    private final Outbox outbox;
    private final MessageEncoder encoder;
    private final LoopCounts counts;
    private final Memory memory;
    private final Consumer<String> tooSlow;

    // a client that takes what comes needs none of these

    private @Nullable Budget budget;

    /** The backlogs that hold a message or have a loss to tell. */
    private Map<TopicSubscriber, Backlog> backlogs = Collections.emptyMap();

    /** Those that hold messages, in the order of their turns. */
    private Set<TopicSubscriber> waiting = Collections.emptySet();

    /**
     * Those that get what was published before them first, until what came meanwhile has followed; with what has been
     * replayed, once all of it has.
     */
    private Map<TopicSubscriber, Replayed> held = Collections.emptyMap();

    /** What goes on when the outbox has drained. */
    private List<Runnable> parked = Collections.emptyList();

    private @Nullable Refill refill;

    /**
     * None that wait.
     *
     * @param memory counts what waits
     * @param tooSlow told that more waits than may wait for a subscription that can go without nothing
     */
    public BackloggedSubscriptions(Outbox outbox, MessageEncoder encoder, Memory memory, Consumer<String> tooSlow) {
        this.tooSlow = tooSlow;
        this.outbox = outbox;
        this.encoder = encoder;
        this.counts = outbox.loop().counts();
        this.memory = memory;
    }

    /**
     * Whether a message can't go out as it is: the socket is full or may not take it, earlier messages wait, or a loss is
     * to be told. A policy that may drop is asked before the outbox overflows.
     *
     * @param bytes about what the message takes in the outbox
     */
    boolean mustWait(TopicSubscriber subscriber, long bytes) {
        return isBehind(subscriber) || !outbox.hasRoomFor(bytes);
    }

    /** Whether a subscription gets nothing before the socket has taken something, or earlier messages have left. */
    private boolean isBehind(TopicSubscriber subscriber) {
        return outbox.isBlocked() || (!backlogs.isEmpty() && backlogs.containsKey(subscriber));
    }

    /** Whether several messages, or one, can go out together. */
    boolean haveRoomFor(TopicSubscriber subscriber, long bytes) {
        return !isBehind(subscriber) && outbox.hasRoomForAll(bytes);
    }

    /** Keeps a message for later. */
    void add(TopicSubscriber subscriber, Backlog.Entry entry) {
        assert outbox.loop().isCurrent();
        if (!subscriber.policy().mayDrop() && !budget().hasRoomFor(entry.message())) {
            tooSlow.accept(budget().exceeded(entry.message()));
            return;
        }
        Backlog backlog = backlog(subscriber);
        backlog.add(entry);
        added(subscriber, backlog);
    }

    /** Gives a subscription that may drop what fits into the outbox of some messages, and keeps the rest for later. */
    void add(TopicSubscriber subscriber, AudienceBatch batch) {
        assert outbox.loop().isCurrent();
        if (isBehind(subscriber)) {
            Backlog backlog = backlog(subscriber);
            backlog.add(batch);
            added(subscriber, backlog);
            return;
        }
        for (Backlog.Entry entry : batch.entries()) {
            if (mustWait(subscriber, entry.message().size())) {
                add(subscriber, entry);
            } else {
                send(subscriber, entry);
            }
        }
    }

    private Backlog backlog(TopicSubscriber subscriber) {
        if (backlogs.isEmpty()) {
            backlogs = new IdentityHashMap<>(1);
        }
        Backlog backlog = backlogs.get(subscriber);
        if (backlog == null) {
            backlog = newBacklog(subscriber);
            backlogs.put(subscriber, backlog);
        }
        return backlog;
    }

    private void added(TopicSubscriber subscriber, Backlog backlog) {
        if (!backlog.isEmpty() && held.get(subscriber) != REPLAYING) {
            await(subscriber);
        }
        if (!outbox.isBlocked()) {
            // at the end of the turn, if nothing is in the way; a full socket says itself that it has room
            outbox.touch();
        }
    }

    private Budget budget() {
        if (budget == null) {
            budget = new Budget(memory, counts, outbox.maxBytes());
        }
        return budget;
    }

    private void await(TopicSubscriber subscriber) {
        if (waiting.isEmpty()) {
            waiting = new LinkedHashSet<>(2);
        }
        waiting.add(subscriber);
    }

    // ---- what was published before ----------------------------------------------------------------------------------

    /** Older messages come first: what is published from now on waits until all {@link CatchUp members} have gone live. */
    public void hold(TopicSubscriber subscriber) {
        assert outbox.loop().isCurrent();
        if (held.isEmpty()) {
            held = new IdentityHashMap<>(1);
        }
        held.put(subscriber, REPLAYING);
    }

    /** Whether messages of a subscription must wait for older ones. */
    boolean isHeld(TopicSubscriber subscriber) {
        return !held.isEmpty() && held.containsKey(subscriber);
    }

    /**
     * The older messages are in the outbox: what came meanwhile follows, but for what was among them. A loss that none of
     * them has told holds it on: the next message comes by way of its backlog, and tells.
     *
     * @return whether something follows
     */
    boolean replayed(TopicSubscriber subscriber, Replayed replayed) {
        assert outbox.loop().isCurrent();
        Backlog backlog = backlogs.get(subscriber);
        boolean isEmpty = backlog == null || backlog.isEmpty();
        if (isEmpty && replayed.lost() == 0) {
            held.remove(subscriber);
        } else if (isHeld(subscriber)) {
            held.put(subscriber, replayed);
            if (!isEmpty) {
                await(subscriber);
            }
        }
        outbox.touch();
        return !isEmpty;
    }

    /** Runs a task once, when everything has left the outbox. */
    void whenDrained(Runnable task) {
        if (parked.isEmpty()) {
            parked = new ArrayList<>(1);
        }
        parked.add(task);
    }

    // ---- slow sockets -----------------------------------------------------------------------------------------------

    private Backlog newBacklog(TopicSubscriber subscriber) {
        if (!isHeld(subscriber)) {
            counts.slow(SlowAction.BACKLOG);
        }
        return new Backlog(subscriber.policy(), budget());
    }

    /** A subscription has ended: what waits for it is thrown away. */
    public void end(TopicSubscriber subscriber) {
        assert outbox.loop().isCurrent();
        held.remove(subscriber);
        Backlog backlog = backlogs.remove(subscriber);
        if (backlog != null) {
            backlog.clear();
            waiting.remove(subscriber);
        }
    }

    /** Everything has left the outbox: the next messages of each follow in the next turn. */
    public void drained() {
        if (!waiting.isEmpty()) {
            if (refill == null) {
                refill = new Refill(outbox, this::sendPart);
            }
            refill.drained();
        }
        if (!parked.isEmpty()) {
            List<Runnable> now = parked;
            parked = Collections.emptyList();
            now.forEach(Runnable::run);
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
            if (entry != null
                    && !held.getOrDefault(subscriber, NOTHING_REPLAYED).covers(entry)) {
                sent += send(subscriber, withLoss(subscriber, entry));
            }
            if (!backlog.isEmpty()) {
                waiting.add(subscriber);
                continue;
            }
            if (held.getOrDefault(subscriber, NOTHING_REPLAYED).lost() == 0) {
                held.remove(subscriber);
            }
            if (backlog.isIdle()) {
                backlogs.remove(subscriber);
            }
        }
    }

    /** The entry, which tells what could not be replayed, unless an earlier one has. */
    private Backlog.Entry withLoss(TopicSubscriber subscriber, Backlog.Entry entry) {
        Replayed replayed = held.getOrDefault(subscriber, NOTHING_REPLAYED);
        if (replayed.lost() == 0) {
            return entry;
        }
        held.put(subscriber, new Replayed(replayed.covered(), 0));
        return entry.behind(replayed.lost(), entry.first());
    }

    private int send(TopicSubscriber subscriber, Backlog.Entry entry) {
        var chunk = encoder.encode(outbox, entry.message(), subscriber.encoding(), entry.dropped(), entry.conflated());
        outbox.send(chunk);
        counts.add(Count.DELIVERED, 1);
        return chunk.length() - chunk.lastFrame();
    }
}
