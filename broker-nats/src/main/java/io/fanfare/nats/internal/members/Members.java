package io.fanfare.nats.internal.members;

import io.fanfare.backplane.LocalNode;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Flush;
import io.fanfare.nats.internal.connect.Part;
import io.fanfare.nats.internal.connect.Subjects;
import io.fanfare.status.NodeStatus;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other nodes, as they tell of themselves: every two seconds, and when asked. Any thread may call. */
public final class Members implements Part {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** How often a node tells of itself. */
    static final Duration INTERVAL = Duration.ofSeconds(2);

    /** A node not heard of for so long is gone. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    /** A node that has not looked for so long has stood still itself, and heard nobody. */
    private static final Duration STOOD_STILL = INTERVAL.multipliedBy(3);

    /** How long a node that joins waits for the answers of those that are there. */
    private static final Duration JOIN = Duration.ofMillis(300);

    /** Nodes of one cluster: more are not listed. */
    private static final int MAX_NODES = 256;

    /** Another node, and when it was heard of last, in the clock's nanoseconds. */
    private record Heard(Announcement announcement, long at) {}

    private final Subjects subjects;
    private final Supplier<Announcement> own;
    private final Consumer<String> left;
    private final ScheduledExecutorService timer;
    private final LongSupplier nanoTime;
    private final Map<Long, Heard> others = new ConcurrentHashMap<>();
    private volatile @Nullable Connection connection;
    private @Nullable Future<?> ticking;

    /** When others were looked at last. */
    private long lastTick;

    /** Completed with the reason when the others refuse this node, before its start has ended or after. */
    private final CompletableFuture<String> refusal = new CompletableFuture<>();

    /**
     * Knows no other node.
     *
     * @param own what this node tells of itself just now
     * @param left told of nodes that have left or gone
     * @param nanoTime of a monotonic clock
     */
    public Members(
            Subjects subjects,
            Supplier<Announcement> own,
            Consumer<String> left,
            ScheduledExecutorService timer,
            LongSupplier nanoTime) {
        this.subjects = subjects;
        this.own = own;
        this.left = left;
        this.timer = timer;
        this.nanoTime = nanoTime;
        this.lastTick = nanoTime.getAsLong();
    }

    @Override
    public void start(Connections connections, LocalNode local) throws IOException, InterruptedException {
        Connection live = connections.live();
        Dispatcher dispatcher = live.createDispatcher();
        dispatcher.subscribe(subjects.members(), this::receive);
        dispatcher.subscribe(subjects.ask(), question -> announce(false));
        Flush.of(live);
        connection = live;
        ask();
        Thread.sleep(JOIN.toMillis());
        if (refusal.isDone()) {
            throw new IllegalStateException(refusal.join());
        }
        announce(false);
        // they may have said so since it was looked at above
        whenRefused(local::refused);
        begin();
    }

    /** Has somebody told why the others refuse this node; at once when they have done so. */
    void whenRefused(Consumer<String> told) {
        refusal.thenAccept(told);
    }

    private synchronized void begin() {
        if (ticking == null && !timer.isShutdown()) {
            ticking = timer.scheduleWithFixedDelay(
                    this::tick, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Asks all other nodes to tell of themselves, and of their last live message. */
    public void ask() {
        Connection to = connection;
        if (to != null) {
            publish(to, subjects.ask(), new byte[0]);
        }
    }

    /** Tells the others of this node, because something has changed. */
    public void announce() {
        announce(false);
    }

    private void announce(boolean isLast) {
        Connection to = connection;
        if (to != null && !refusal.isDone()) {
            Announcement now = own.get();
            publish(to, subjects.members(), (isLast ? now.asLast() : now).bytes());
        }
    }

    private static void publish(Connection to, String subject, byte[] bytes) {
        try {
            to.publish(subject, bytes);
        } catch (IllegalStateException e) {
            // without a server there is nothing to tell; with one again, the next announcement comes soon
            LOG.debug("nats publish subject={}", subject, e);
        }
    }

    void tick() {
        announce(false);
        long now = nanoTime.getAsLong();
        if (now - lastTick > STOOD_STILL.toNanos()) {
            others.replaceAll((life, each) -> new Heard(each.announcement(), now));
        }
        lastTick = now;
        others.values().removeIf(each -> {
            boolean isGone = now - each.at() > SILENCE.toNanos();
            if (isGone) {
                LOG.warn(
                        "nats node={} has gone: not heard of for {} s",
                        each.announcement().node(),
                        SILENCE.toSeconds());
                left.accept(each.announcement().node());
            }
            return isGone;
        });
    }

    /** Hears of another node; called by one thread. */
    private void receive(Message message) {
        try {
            hear(Announcement.read(message.getData()));
        } catch (IllegalArgumentException e) {
            LOG.error("nats unreadable subject={} reason={}", message.getSubject(), e.getMessage());
        }
    }

    void hear(Announcement other) {
        if (other.isLast()) {
            if (others.remove(other.life()) != null) {
                LOG.info("nats node={} has left", other.node());
                left.accept(other.node());
            }
            return;
        }
        Announcement self = own.get();
        Optional<String> conflict = self.conflict(other);
        if (conflict.isPresent()) {
            // the younger one goes
            if (other.isOlderThan(self) && !refusal.isDone()) {
                String why = "the cluster refuses this node: " + conflict.get();
                LOG.error("nats {}", why);
                refusal.complete(why);
            }
            return;
        }
        if (others.containsKey(other.life()) || others.size() < MAX_NODES) {
            if (others.put(other.life(), new Heard(other, nanoTime.getAsLong())) == null) {
                LOG.info("nats node={} version={} is there", other.node(), other.version());
            }
        }
    }

    /** Whether another node of this name is there. */
    public boolean knows(String node) {
        return others.values().stream()
                .anyMatch(each -> each.announcement().node().equals(node));
    }

    /** Why the others do not have this node; empty: they do. */
    public Optional<String> refusal() {
        return Optional.ofNullable(refusal.getNow(null));
    }

    /** The number of other nodes. */
    public int otherCount() {
        return others.size();
    }

    /** Consumers that other nodes have of a shared queue, by its name. */
    public int consumers(String queue) {
        return others.values().stream()
                .mapToInt(each -> each.announcement().consumers().getOrDefault(queue, 0))
                .sum();
    }

    /** The other nodes. */
    public List<NodeStatus> others() {
        return others.values().stream()
                .map(each -> each.announcement().status(false))
                .toList();
    }

    @Override
    public void close() {
        announce(true);
    }
}
