package io.fanfare.queue;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Memory;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.DestinationQuota;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.SendProperties;
import io.fanfare.session.Session;
import io.fanfare.session.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** All queues that have names. They come with their first message or consumer and go with their last; any thread. */
public final class Queues {

    public static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

    private final BrokerOptions options;
    private final AtomicLong numbers;
    private final Memory memory;

    /** Throws when there are too many destinations for another one. */
    private final Runnable room;

    private final Map<String, Queue> byKey = new ConcurrentHashMap<>();

    /** A loop that looks now and then for what has expired where nobody comes by; null before there is one. */
    private volatile @Nullable EventLoop sweeper;

    private final AtomicBoolean sweepExpected = new AtomicBoolean();

    public Queues(BrokerOptions options, AtomicLong numbers, Memory memory, Runnable room) {
        this.options = options;
        this.numbers = numbers;
        this.memory = memory;
        this.room = room;
    }

    public int count() {
        return byKey.size();
    }

    /** Puts the messages into one queue, all or none. */
    public Outcome publish(String key, List<Message> messages) {
        return reserve(key, messages).fill(messages);
    }

    /**
     * Makes room for the messages in a queue, which then waits for them.
     *
     * @throws ProtocolException when it has none
     */
    public Queue reserve(String key, List<Message> messages) {
        DestinationQuota founder = founder(messages);
        while (true) {
            Queue queue = get(key, founder);
            try {
                if (queue.reserve(messages)) {
                    expectExpiry(messages);
                    return queue;
                }
            } catch (ProtocolException full) {
                // it may have come with this, and be of no use now
                collect(queue);
                throw full;
            }
            forget(queue);
        }
    }

    /** Whose doing it is when a queue comes with these; null: the broker's own. */
    private static @Nullable DestinationQuota founder(List<Message> messages) {
        Session publisher = messages.get(0).publisher();
        return publisher == null ? null : publisher.holdings();
    }

    /** Gives the room back. */
    public void release(Queue queue, List<Message> notComing) {
        queue.release(notComing);
        collect(queue);
    }

    /**
     * Adds a consumer of a named queue.
     *
     * @param founder for whom the queue counts if it comes with this
     */
    public QueueConsumer subscribe(String key, Subscription subscription, EventLoop loop, DestinationQuota founder) {
        while (true) {
            Queue queue = get(key, founder);
            QueueConsumer consumer = new QueueConsumer(queue, subscription, loop, subscription.filter());
            if (queue.subscribe(consumer)) {
                return consumer;
            }
            forget(queue);
        }
    }

    /** A queue without a name, for one subscription of a topic. */
    public Queue newPrivate(String owner) {
        return new Queue(
                DestinationParser.temporaryPrefix(owner), numbers.incrementAndGet(), options, memory, null, true);
    }

    /**
     * The queue of this name.
     *
     * @param founder for whom it counts if it comes with this; null: for nobody
     * @throws ProtocolException when it would be a new one and there is no room for it
     */
    public Queue get(String key, @Nullable DestinationQuota founder) {
        Queue found = byKey.get(key);
        if (found != null) {
            return found;
        }
        room.run();
        return byKey.computeIfAbsent(key, k -> {
            if (founder != null) {
                founder.add(1);
            }
            return new Queue(k, numbers.incrementAndGet(), options, memory, founder, false);
        });
    }

    /** Lets go of a queue that holds nothing and that nobody reads. */
    public void collect(Queue queue) {
        if (queue.goIfUnused()) {
            forget(queue);
        }
    }

    private void forget(Queue queue) {
        if (byKey.remove(queue.key(), queue)) {
            queue.countNoMore();
        }
    }

    /** A loop that can do the sweeping; called once there is one, on it. */
    public void sweeper(EventLoop loop) {
        if (sweeper == null) {
            sweeper = loop;
        }
    }

    /** Makes sure that messages which expire are forgotten soon afterwards. */
    private void expectExpiry(List<Message> messages) {
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).properties().expires() != SendProperties.NEVER) {
                expectSweep();
            }
        }
    }

    private void expectSweep() {
        EventLoop loop = sweeper;
        if (loop != null && sweepExpected.compareAndSet(false, true)) {
            loop.execute(() -> loop.schedule(SWEEP_INTERVAL, this::sweep));
        }
    }

    /** Whether a loop has a timer for it. */
    public boolean isSweepExpected() {
        return sweepExpected.get();
    }

    private void sweep() {
        sweepExpected.set(false);
        for (Queue queue : byKey.values()) {
            collect(queue);
            if (queue.mayExpire()) {
                expectSweep();
            }
        }
    }

    /** Lets go of all whose key begins so, with what they hold. */
    public void removeAll(String prefix) {
        for (Queue queue : byKey.values()) {
            if (queue.key().startsWith(prefix)) {
                queue.abandon();
                forget(queue);
            }
        }
    }
}
