package io.fanfare.nats.internal.presence;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.PresenceChange;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Flush;
import io.fanfare.nats.internal.connect.Part;
import io.fanfare.nats.internal.connect.Subjects;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other nodes which sessions are present here: changes soon, and every few seconds all of them, so that what was lost is
 * mended. Any thread may call.
 */
public final class Attendances implements Part {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** How long changes wait for others. */
    static final Duration GATHERING = Duration.ofMillis(50);

    /** How often all sessions are told. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** A node not heard of for so long is gone, with its sessions. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    /** A node that has not looked for so long has stood still itself, and heard nobody. */
    private static final Duration STOOD_STILL = INTERVAL.multipliedBy(2);

    /** Changes that wait; with more, the next list of all sessions says the same. */
    static final int MAX_WAITING = 100_000;

    private static final int PART_BYTES = 64 << 10;

    private final Subjects subjects;
    private final ScheduledExecutorService timer;
    private final Queue<PresenceChange> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private final Map<String, Other> others = new HashMap<>();
    private volatile @Nullable Connection connection;
    private volatile @Nullable LocalNode local;
    private @Nullable Future<?> changesTold;
    private @Nullable Future<?> allTold;
    private long lists;

    /** When silent ones were looked for last; null: not yet. */
    private @Nullable Long lookedAt;

    /** Another node, while it has sessions or has said that it has none. */
    private static final class Other {
        long heard;
        long list;
        int parts;
        final List<PresenceChange> sessions = new ArrayList<>();
    }

    /** Tells nothing yet. */
    public Attendances(Subjects subjects, ScheduledExecutorService timer) {
        this.subjects = subjects;
        this.timer = timer;
    }

    /** A session of this node has come or gone. Does not block. */
    public void add(PresenceChange change) {
        if (connection != null && waitingCount.incrementAndGet() <= MAX_WAITING) {
            waiting.add(change);
        } else if (connection != null) {
            waitingCount.decrementAndGet();
        }
    }

    @Override
    public void start(Connections connections, LocalNode node) throws IOException, InterruptedException {
        Connection live = connections.live();
        Dispatcher dispatcher = live.createDispatcher();
        dispatcher.subscribe(subjects.presence(), this::receive);
        dispatcher.subscribe(subjects.ask(), question -> tellAllSoon());
        Flush.of(live);
        local = node;
        connection = live;
        begin();
    }

    private synchronized void begin() {
        if (changesTold == null && !timer.isShutdown()) {
            changesTold =
                    timer.scheduleWithFixedDelay(this::tellChanges, 0, GATHERING.toMillis(), TimeUnit.MILLISECONDS);
            allTold = timer.scheduleWithFixedDelay(this::tellAll, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tellAllSoon() {
        if (!timer.isShutdown()) {
            timer.execute(this::tellAll);
        }
    }

    private synchronized void tellChanges() {
        List<PresenceChange> changes = new ArrayList<>();
        for (PresenceChange each = waiting.poll(); each != null; each = waiting.poll()) {
            waitingCount.decrementAndGet();
            changes.add(each);
        }
        if (!changes.isEmpty()) {
            publish(changes, 0);
        }
    }

    /** All sessions, between the changes before and those after: what is in both is the same. */
    synchronized void tellAll() {
        LocalNode node = local;
        if (node != null) {
            tellChanges();
            publish(node.present(), ++lists);
            forgetSilent(node, System.nanoTime());
        }
    }

    private void publish(List<PresenceChange> changes, long list) {
        List<PresenceChange> part = new ArrayList<>();
        int number = 0;
        int bytes = 0;
        for (PresenceChange each : changes) {
            if (bytes > PART_BYTES) {
                publish(new PresencePart(subjects.node(), list, number++, false, part));
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(each);
            bytes += PresencePart.bytes(each);
        }
        publish(new PresencePart(subjects.node(), list, number, true, part));
    }

    private void publish(PresencePart part) {
        Connection to = connection;
        if (to == null || to.getStatus() != Connection.Status.CONNECTED) {
            return;
        }
        try {
            to.publish(subjects.presence(), part.bytes());
        } catch (IllegalStateException e) {
            LOG.debug("nats publish subject={}", subjects.presence(), e);
        }
    }

    private void receive(Message message) {
        LocalNode node = local;
        if (node == null) {
            return;
        }
        try {
            hear(PresencePart.read(message.getData()), node, System.nanoTime());
        } catch (IllegalArgumentException e) {
            LOG.error("nats unreadable subject={} reason={}", message.getSubject(), e.getMessage());
        }
    }

    synchronized void hear(PresencePart part, LocalNode node, long now) {
        if (part.node().equals(subjects.node())) {
            // by a connection that was left while its link or its server held this: NATS takes it for another sender's
            return;
        }
        Other other = others.computeIfAbsent(part.node(), n -> new Other());
        other.heard = now;
        if (part.list() == 0) {
            part.changes().forEach(change -> node.present(part.node(), change));
            return;
        }
        if (part.list() < other.list) {
            // held likewise: newer ones have come by another server
            return;
        }
        if (part.part() == 0) {
            other.list = part.list();
            other.parts = 0;
            other.sessions.clear();
        }
        if (part.list() != other.list || part.part() != other.parts) {
            // a part is missing: the next list is whole again
            return;
        }
        other.parts++;
        other.sessions.addAll(part.changes());
        if (part.isLast()) {
            node.present(part.node(), List.copyOf(other.sessions));
            other.sessions.clear();
        }
    }

    synchronized void forgetSilent(LocalNode node, long now) {
        Long before = lookedAt;
        if (before != null && now - before > STOOD_STILL.toNanos()) {
            others.values().forEach(each -> each.heard = now);
        }
        lookedAt = now;
        for (Iterator<Map.Entry<String, Other>> i = others.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<String, Other> each = i.next();
            if (now - each.getValue().heard > SILENCE.toNanos()) {
                i.remove();
                node.present(each.getKey(), List.of());
            }
        }
    }

    /** Another node has left. */
    public synchronized void left(String other) {
        LocalNode node = local;
        if (others.remove(other) != null && node != null) {
            node.present(other, List.of());
        }
    }

    @Override
    public void close() {
        Future<?> changes = changesTold;
        Future<?> all = allTold;
        if (changes != null && all != null) {
            changes.cancel(false);
            all.cancel(false);
        }
    }
}
