package io.fanfare.queue;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.Carriage;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.backplane.SharedQueue;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.LongJobs;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Sender;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.statistics.MessageCounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All named queues of a broker. A queue comes with its first message or consumer and goes with its last. Any thread may
 * call.
 */
public final class Queues {

    public static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

    /** What one with a name takes, beside what it holds; those without one count with their subscriptions. */
    static final long QUEUE_BYTES = 900;

    private final QueueOptions options;
    private final @Nullable Backplane backplane;
    private final AtomicLong numbers;
    private final Memory memory;
    private final Loops loops;
    private final Runnable checkRoom;
    private final MessageCounts counts;
    private final Map<Destination, Queue> byDestination = new ConcurrentHashMap<>();

    /** Queues without a name, for sweeps. */
    private final Set<Queue> privates = ConcurrentHashMap.newKeySet();

    private final TemporaryQueues temporary = new TemporaryQueues();
    private final DeadLetters deadLetters = new DeadLetters(this);
    private final Sweeps sweeps;

    /**
     * No queues.
     *
     * @param backplane keeps queues that several nodes share; null: this node is the only one
     * @param numbers gives each topic and queue of the broker a number of its own
     * @param loops one of them looks now and then for messages that have expired unnoticed
     * @param checkRoom throws when there are too many destinations for another one
     * @param counts told of what becomes of messages
     */
    public Queues(
            QueueOptions options,
            @Nullable Backplane backplane,
            AtomicLong numbers,
            Memory memory,
            Loops loops,
            Runnable checkRoom,
            MessageCounts counts) {
        this.options = options;
        this.backplane = backplane;
        this.numbers = numbers;
        this.memory = memory;
        this.loops = loops;
        this.checkRoom = checkRoom;
        this.counts = counts;
        this.sweeps = new Sweeps(loops, () -> all().iterator(), this::collect);
    }

    public int count() {
        return byDestination.size();
    }

    /** All that have a name; ones that come or go meanwhile may be among them. */
    Stream<Queue> named() {
        return byDestination.values().stream();
    }

    Stream<Queue> all() {
        return Stream.concat(byDestination.values().stream(), privates.stream());
    }

    /**
     * Whether several nodes share a queue of this name: it is kept outside of them, and here is what this node's consumers have.
     *
     * @throws ProtocolException when several nodes can't have it
     */
    public boolean isOutside(Destination destination) {
        return backplane != null && backplane.carriage(destination) == Carriage.QUEUE;
    }

    /** What is known of the queues that several nodes share. */
    List<SharedQueue> outside() {
        return backplane == null ? List.of() : backplane.queues();
    }

    /** The queue of this name; null: there is none. */
    public @Nullable Queue existing(Destination destination) {
        return byDestination.get(destination);
    }

    /** Told of what becomes of messages. */
    MessageCounts counts() {
        return counts;
    }

    /** A number that no topic, queue or other taker of a number has. */
    long nextNumber() {
        return numbers.incrementAndGet();
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    /** Puts the messages into one queue, all or none; all are dropped where {@link #reserve} gives none. */
    public Outcome publish(Destination destination, List<Message> messages) {
        Queue queue = reserve(destination, messages);
        return queue == null ? Outcome.dropped(messages) : fill(queue, messages);
    }

    /** The broker's clock, by which messages expire. */
    public BrokerClock clock() {
        return loops.clock();
    }

    /** As {@link #publish}, of messages that the broker sends itself: the limit of destinations is for those that clients name. */
    Outcome bury(Destination deadLetters, List<Message> messages) {
        Queue queue = reserve(deadLetters, messages, () -> {});
        return queue == null ? Outcome.dropped(messages) : fill(queue, messages);
    }

    /**
     * Makes room for the messages in a queue, which then waits for them.
     *
     * @return null when the queue is temporary, and has gone with its connection or has no room, or there is none for another
     *     one: a client that does not read its replies costs the service that sends them nothing
     * @throws ProtocolException when any other queue has no room, or can't come
     */
    public @Nullable Queue reserve(Destination destination, List<Message> messages) {
        return reserve(destination, messages, checkRoom);
    }

    private @Nullable Queue reserve(Destination destination, List<Message> messages, Runnable check) {
        Sender sender = messages.get(0).sender();
        DestinationQuota founder = sender == null ? null : sender.quota();
        while (true) {
            Queue queue = null;
            try {
                queue = find(destination, founder, check);
                if (queue == null) {
                    return null;
                }
                if (queue.reserve(messages)) {
                    sweeps.expect(messages);
                    return queue;
                }
            } catch (ProtocolException refused) {
                if (queue != null) {
                    // it may have come with this, and be of no use now
                    collect(queue);
                }
                if (destination.temporaryOwner() != null) {
                    return null;
                }
                throw refused;
            }
            forget(queue);
        }
    }

    /** Puts messages into a queue that has made room for them. */
    public Outcome fill(Queue queue, List<Message> messages) {
        Outcome outcome = queue.fill(messages);
        if (outcome.dropped() > 0) {
            // it may have come with these
            collect(queue);
        }
        return outcome;
    }

    /** Gives the room back. */
    public void release(Queue queue, List<Message> notComing) {
        queue.release(notComing);
        collect(queue);
    }

    /**
     * Adds a consumer of a named queue.
     *
     * @param founder the quota that the queue counts against if it comes with this
     * @throws ProtocolException as {@link #get} says
     */
    public QueueConsumer subscribe(Destination destination, QueueSubscriber subscriber, DestinationQuota founder) {
        while (true) {
            Queue queue = get(destination, founder);
            QueueConsumer consumer = new QueueConsumer(queue, subscriber, subscriber.filter());
            if (queue.subscribe(consumer)) {
                return consumer;
            }
            forget(queue);
        }
    }

    /** A queue without a name, for one subscription of a topic; {@link #end} ends it. */
    public Queue newPrivate() {
        Queue queue = new Queue(null, numbers.incrementAndGet(), options, memory, counts, null, true, new Steps());
        privates.add(queue);
        return queue;
    }

    /** As {@link #newPrivate()}; its messages come from elsewhere, and it holds what the subscription has. */
    public Queue newPrivate(Function<QueueTaker, QueueSource> source) {
        return newPrivate().share(new Upstream.Origin(source, null), counts, memory.clock());
    }

    /** Ends a queue that belongs to one connection, with what it holds. */
    public void end(Queue queue) {
        privates.remove(queue);
        LongJobs.Job rest = queue.abandon();
        // others may keep the messages too, so that each is let go of by itself; a connection may have a thousand such
        // queues, so that each does little in the turn in which that ends
        if (rest.run(Steps.LIMIT / 8)) {
            loops.executeInParts(rest);
        }
    }

    /**
     * Puts a message into a queue without a name.
     *
     * @throws ProtocolException when there is no room
     */
    public void offer(Queue queue, Message message) {
        queue.offer(message);
        sweeps.expect(List.of(message));
    }

    /** Messages have been given back to a queue on this loop: a timer wakes those that wait. */
    void awaitRedelivery(Queue queue, EventLoop loop) {
        Redeliveries.await(queue, this, loops, loop);
    }

    /** Messages have come back to a queue: some may expire there. */
    void cameBack(Queue queue) {
        sweeps.expect(queue);
    }

    /**
     * The queue of this name.
     *
     * @param founder the quota that it counts against if it comes with this; null: none
     * @throws ProtocolException when it would be a new one and there is no room for it, or it has gone with its connection
     */
    public Queue get(Destination destination, @Nullable DestinationQuota founder) {
        Queue queue = find(destination, founder, checkRoom);
        if (queue == null) {
            throw new ProtocolException(
                    "no such destination",
                    DestinationText.of(destination) + " belonged to a connection that has ended, and is gone with it");
        }
        return queue;
    }

    private @Nullable Queue find(Destination destination, @Nullable DestinationQuota founder, Runnable check) {
        Queue found = byDestination.get(destination);
        if (found != null) {
            return found;
        }
        check.run();
        boolean isOutside = isOutside(destination);
        DestinationQuota quota = temporary.quota(destination, founder);
        return byDestination.computeIfAbsent(destination, d -> {
            // its owner may have gone since the caller looked; then nothing would ever end it
            if (!temporary.add(d, quota)) {
                return null;
            }
            Queue made = new Queue(d, numbers.incrementAndGet(), options, memory, counts, quota, false, new Steps());
            if (backplane != null && isOutside) {
                made.share(Upstream.Origin.shared(d, backplane), counts, memory.clock());
            }
            memory.hold(QUEUE_BYTES);
            return made;
        });
    }

    /** Lets go of a queue that holds nothing and that nothing reads. */
    public void collect(Queue queue) {
        if (queue.retireIfUnused()) {
            forget(queue);
        }
    }

    private void forget(Queue queue) {
        Destination destination = queue.destination();
        if (destination == null) {
            return;
        }
        AtomicBoolean removed = new AtomicBoolean();
        byDestination.computeIfPresent(destination, (name, found) -> {
            if (found != queue) {
                return found;
            }
            // in one step, or the next queue of this name would be taken out of its owner's list
            temporary.remove(name);
            memory.hold(-QUEUE_BYTES);
            removed.set(true);
            return null;
        });
        if (removed.get()) {
            queue.removed();
        }
    }

    /** A session has connected, and may have temporary queues from now on, which count against its quota. */
    public void connected(String session, DestinationQuota quota) {
        temporary.connected(session, quota);
    }

    /** A session has ended: its temporary queues go, with what they hold. */
    public void disconnected(String session) {
        for (Destination destination : temporary.disconnected(session)) {
            // waits for a queue that another thread is about to add; get would not see it yet
            Queue queue = byDestination.remove(destination);
            if (queue != null) {
                memory.hold(-QUEUE_BYTES);
                end(queue);
                queue.removed();
            }
        }
    }
}
