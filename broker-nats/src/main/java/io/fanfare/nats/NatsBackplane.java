package io.fanfare.nats;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.Carriage;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.PresenceChange;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.backplane.SharedOperations;
import io.fanfare.backplane.SharedQueue;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.nats.internal.Fingerprints;
import io.fanfare.nats.internal.Isolation;
import io.fanfare.nats.internal.Joining;
import io.fanfare.nats.internal.LatePart;
import io.fanfare.nats.internal.NatsOperations;
import io.fanfare.nats.internal.connect.ConnectionEvents;
import io.fanfare.nats.internal.connect.Purpose;
import io.fanfare.nats.internal.connect.Subjects;
import io.fanfare.nats.internal.kept.Kept;
import io.fanfare.nats.internal.kept.KeptDurables;
import io.fanfare.nats.internal.live.Live;
import io.fanfare.nats.internal.members.Announcement;
import io.fanfare.nats.internal.members.Members;
import io.fanfare.nats.internal.presence.Attendances;
import io.fanfare.nats.internal.queue.SharedQueues;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.status.BrokerStatus;
import io.fanfare.status.NodeStatus;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Connects a broker to the other nodes of a cluster by NATS. Give it to one broker's options, which starts and closes it; a
 * node that starts again needs a new one.
 *
 * <pre>{@code
 * NatsOptions options = NatsOptions.builder("nats://127.0.0.1:4222").build();
 * BrokerOptions broker = BrokerOptions.builder().backplane(new NatsBackplane(options)).build();
 * }</pre>
 */
public final class NatsBackplane implements Backplane {

    private static final int NODE_DIGITS = 4;
    private static final int DIGITS = 36;

    private final NatsOptions options;
    private final String node;
    private final long life;
    private final long since = System.currentTimeMillis();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "fanfare-nats-timer");
        thread.setDaemon(true);
        return thread;
    });

    // One for each way of carrying. They begin in the order of the list: a barrier is one when all of them have begun.

    private final Live live;
    private final Members members;
    private final Kept kept;
    private final KeptDurables durables;
    private final Attendances attendances;

    private final Isolation isolation;
    private final Joining joining;
    private volatile @Nullable LocalNode local;

    /** Null before the start. */
    private volatile @Nullable SharedQueues queues;

    private volatile boolean closed;

    /**
     * Connects to nothing before {@link #start}.
     *
     * @throws IllegalArgumentException as {@link NatsOptions#refusal} says
     */
    public NatsBackplane(NatsOptions options) {
        options.refusal().ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        this.options = options;
        SecureRandom random = new SecureRandom();
        this.node = random.ints(NODE_DIGITS, 0, DIGITS)
                .mapToObj(digit -> Integer.toString(digit, DIGITS))
                .reduce("", String::concat);
        this.life = random.nextLong();
        Subjects subjects = new Subjects(options.name(), node);
        this.live = new Live(subjects, life, timer);
        this.kept = new Kept(options, node, life, timer);
        this.attendances = new Attendances(subjects, timer);
        this.members = new Members(subjects, this::announcement, attendances::left, timer, System::nanoTime);
        this.durables = new KeptDurables(options, node, life, kept, members::knows);
        this.isolation = new Isolation(options.isolationGrace(), timer);
        this.joining = new Joining(
                options,
                node,
                new Events(),
                List.of(live, members, attendances, kept, durables, new LatePart(this::started)));
    }

    @Override
    public String node() {
        return node;
    }

    @Override
    public void start(LocalNode broker) {
        local = broker;
        queues = new SharedQueues(options, node, broker, SharedQueues.Bounds.USUAL);
        live.begin(broker);
        kept.begin(broker);
        try {
            if (!joining.start(broker, this::joined)) {
                isolation.begins(broker);
            }
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    /** All that other nodes send gets here now. */
    private void joined(boolean isLate) {
        live.settled();
        isolation.ends();
        if (isLate) {
            live.joinedLate();
        }
    }

    private SharedQueues started() {
        SharedQueues known = queues;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    /** What happens to the connections. */
    private final class Events implements ConnectionEvents {

        @Override
        public void disconnected(Purpose purpose) {
            LocalNode broker = local;
            if (purpose == Purpose.LIVE && broker != null) {
                isolation.begins(broker);
            }
        }

        @Override
        public void reconnected(Purpose purpose) {
            if (purpose == Purpose.LIVE) {
                isolation.ends();
                live.connectionChanged();
                // gaps are noticed at once, and not with the next messages
                members.ask();
                members.announce();
            } else {
                kept.reconnected();
                durables.reconnected();
                started().reconnected();
            }
        }

        @Override
        public void dropped(Purpose purpose) {
            if (purpose == Purpose.LIVE) {
                live.lost("what came faster than this node's clients took it");
            }
        }

        @Override
        public void closed(Purpose purpose) {
            LocalNode broker = local;
            if (broker != null && !closed) {
                isolation.begins(broker);
                joining.again(broker, NatsBackplane.this::joined);
            }
        }
    }

    @Override
    public Carriage carriage(Destination destination) {
        if (destination.isPresence() || destination.isStatistics()) {
            return Carriage.HERE;
        }
        String session = destination.temporaryOwner();
        if (session != null) {
            return node.equals(nodeOf(session)) ? Carriage.HERE : Carriage.OWNER;
        }
        if (destination.kind() == Destination.Kind.QUEUE) {
            return started().carriage(destination);
        }
        return kept.carries(destination) ? Carriage.KEPT : Carriage.LIVE;
    }

    /** The node that a session's id names. */
    private static String nodeOf(String session) {
        int hyphen = session.indexOf('-');
        return hyphen < 0 ? "" : session.substring(0, hyphen);
    }

    @Override
    public void check(Destination destination, Message message) {
        if (kept.carries(destination)) {
            kept.check(destination, message);
        } else {
            live.check(destination, message);
        }
    }

    @Override
    public void forward(Destination destination, Message message) {
        live.forward(destination, message);
    }

    @Override
    public CompletionStage<Integer> forwarded() {
        return live.forwarded().thenApply(isThere -> isThere ? 1 + members.otherCount() : 1);
    }

    @Override
    public CompletionStage<Outcome> hand(Destination destination, Message message) {
        String session = destination.temporaryOwner();
        String owner = session == null ? "" : nodeOf(session);
        if (!owner.matches("[a-z0-9]{1,16}")) {
            // a name that no node has given; not to become a part of a subject
            return CompletableFuture.completedFuture(Outcome.dropped(List.of(message)));
        }
        return live.hand(owner, destination, message);
    }

    @Override
    public CompletionStage<Outcome> append(Destination topic, Message message) {
        return kept.append(topic, message);
    }

    @Override
    public CompletionStage<Outcome> enqueue(Destination queue, Message message, @Nullable String id) {
        return started().enqueue(queue, message, id);
    }

    @Override
    public QueueSource take(Destination queue, QueueTaker taker) {
        return started().take(queue, taker);
    }

    @Override
    public List<SharedQueue> queues() {
        return started().desk().queues(members::consumers);
    }

    @Override
    public SharedOperations operations() {
        return new NatsOperations(kept, started().desk());
    }

    @Override
    public DurableRegistry durables() {
        return durables;
    }

    @Override
    public long bytesUnderWay() {
        SharedQueues started = queues;
        return live.bytes() + kept.bytes() + (started == null ? 0 : started.bytesUnderWay());
    }

    @Override
    public void present(PresenceChange change) {
        attendances.add(change);
    }

    @Override
    public Optional<String> unready() {
        return members.refusal()
                .or(joining::trouble)
                .or(() -> isolation.isIsolated()
                        ? Optional.of("isolated: no NATS server of " + options.shownServers())
                        : kept.unready());
    }

    @Override
    public List<NodeStatus> nodes() {
        List<NodeStatus> all = new ArrayList<>();
        all.add(announcement().status(true));
        all.addAll(members.others());
        return all;
    }

    private Announcement announcement() {
        LocalNode broker = local;
        if (broker == null) {
            throw new IllegalStateException("not started");
        }
        BrokerStatus status = broker.status();
        Map<String, String> settings = new TreeMap<>(broker.settings());
        settings.putAll(kept.settings());
        settings.putAll(durables.settings(broker));
        settings.putAll(SharedQueues.settings(options, broker));
        settings.replaceAll((key, value) -> Fingerprints.of(value));
        Map<String, Integer> consumers = started().desk().consumers();
        return new Announcement(
                node, life, status.version(), status.sessions(), since, state(status), false, settings, consumers);
    }

    private NodeStatus.State state(BrokerStatus status) {
        if (status.draining()) {
            return NodeStatus.State.DRAINING;
        }
        return isolation.isIsolated() ? NodeStatus.State.ISOLATED : NodeStatus.State.READY;
    }

    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        isolation.ends();
        // the last messages first: then the others hear that there will be no more
        attendances.close();
        live.close();
        durables.close();
        kept.close();
        SharedQueues started = queues;
        if (started != null) {
            started.close();
        }
        if (local != null) {
            members.close();
        }
        joining.close();
    }
}
