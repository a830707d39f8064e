package io.fanfare.broker;

import io.fanfare.backplane.Backplane;
import io.fanfare.event.RecentEvents;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Loops;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.Target;
import io.fanfare.publish.Destinations;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.session.SessionServices;
import io.fanfare.status.BrokerStatus;
import io.fanfare.status.ConnectionEvent;
import io.fanfare.status.ConnectionStatus;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.LastValue;
import io.fanfare.status.NodeStatus;
import io.fanfare.status.Page;
import io.fanfare.status.PresenceStatus;
import io.fanfare.status.QueueStatus;
import io.fanfare.status.QueuedMessage;
import io.fanfare.status.Selection;
import io.fanfare.status.SubscriptionStatus;
import io.fanfare.status.TopicStatus;
import io.fanfare.topic.Topic;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Status of a broker, as values for operators. Any thread may ask. What belongs to an event loop is read by a task of
 * that loop, some hundred clients in a turn; a queue or topic is read under its lock, one at a time, by the calling thread.
 */
public final class Inspection {

    private final CompletableFuture<String> refusal = new CompletableFuture<>();

    private final BrokerOptions options;
    private final Sessions sessions;
    private final SessionServices services;
    private final Destinations destinations;
    private final QueueAdministration ownQueues;
    private final QueueOperations queues;
    private final DestinationParser parser;
    private final RecentEvents events;
    private final BrokerClock clock;
    private final long started;

    Inspection(
            BrokerOptions options,
            Sessions sessions,
            SessionServices services,
            QueueAdministration queues,
            DestinationParser parser,
            Loops loops) {
        this.options = options;
        this.sessions = sessions;
        this.services = services;
        this.events = services.events();
        this.destinations = services.destinations();
        this.ownQueues = queues;
        this.queues = new QueueOperations(queues, destinations.queues(), options.backplane(), loops);
        this.parser = parser;
        this.clock = loops.clock();
        this.started = clock.nanoTime();
    }

    /** The broker as a whole. */
    public BrokerStatus broker() {
        Memory memory = services.memory();
        return new BrokerStatus(
                Broker.VERSION,
                Duration.ofNanos(clock.nanoTime() - started),
                sessions.count(),
                destinations.topics().count(),
                destinations.queues().count(),
                destinations.durables().count(),
                memory.bytes(),
                options.memory().maxMemoryBytes(),
                memory.isFull(),
                memory.underWay(),
                services.refusedLogins().sum(),
                services.softErrors().count(),
                services.drain().isOn());
    }

    /** Why clients should go to another node of the cluster just now; empty: they may come, as to a broker that is the only one. */
    public Optional<String> isolation() {
        Backplane backplane = options.backplane();
        return backplane == null ? Optional.empty() : backplane.unready();
    }

    /** The nodes of the cluster, the broker's own first; empty for a broker that is the only one. */
    public List<NodeStatus> nodes() {
        Backplane backplane = options.backplane();
        return backplane == null
                ? List.of()
                : backplane.nodes().stream()
                        .sorted(Comparator.comparing(NodeStatus::self)
                                .reversed()
                                .thenComparing(NodeStatus::id))
                        .toList();
    }

    /** Connected clients; completed on an event loop, or at once when there are none. */
    public CompletionStage<Page<ConnectionStatus>> connections(Selection<ConnectionStatus> selection) {
        return SessionVisit.all(sessions.all(), () -> new Selected<>(selection), (selected, session, client) -> {
                    selected.add(client.connection());
                    return 1;
                })
                .thenApply(parts -> Selected.page(selection, parts));
    }

    /** One connected client, by the id of its session; completed on an event loop, or at once. */
    public CompletionStage<Optional<ConnectionStatus>> connection(String id) {
        return SessionVisit.find(sessions.all(), id, (session, client) -> client.connection());
    }

    /** Subscriptions of connected clients; completed on an event loop, or at once when there are none. */
    public CompletionStage<Page<SubscriptionStatus>> subscriptions(Selection<SubscriptionStatus> selection) {
        return SessionVisit.all(sessions.all(), () -> new Selected<>(selection), (selected, session, client) -> {
                    client.subscriptions().forEach(selected::add);
                    return 1 + client.subscriptionCount();
                })
                .thenApply(parts -> Selected.page(selection, parts));
    }

    public Page<TopicStatus> topics(Selection<TopicStatus> selection) {
        return select(destinations.topics().all().map(this::status), selection);
    }

    /**
     * One topic; empty: it has no subscribers.
     *
     * @param topic such as {@code /topic/prices}
     * @throws ProtocolException when the text names no topic
     */
    public Optional<TopicStatus> topic(String topic) {
        return destinations
                .topics()
                .get(single(parser, topic, Destination.Kind.TOPIC, "/topic/NAME"))
                .map(this::status);
    }

    private TopicStatus status(Topic topic) {
        return topic.status().withPresent(destinations.presence().count(topic.destination()));
    }

    /**
     * Last values of a topic, in order of their sequences; empty: there is no such topic.
     *
     * @param topic such as {@code /topic/prices}
     * @param after the sequence behind which to begin; 0: the first
     * @param most values
     * @param maxBytes of bodies; the first value comes however large it is
     * @throws ProtocolException when the text names no topic
     */
    public Optional<List<LastValue>> lastValues(String topic, long after, int most, long maxBytes) {
        Destination destination = single(parser, topic, Destination.Kind.TOPIC, "/topic/NAME");
        return destinations.topics().get(destination).map(found -> found.lastValues(after, most, maxBytes));
    }

    /**
     * The sessions that are present at a topic; empty: its rule does not have presence gathered.
     *
     * @param topic such as {@code /topic/prices}
     * @throws ProtocolException when the text names no topic
     */
    public Optional<Page<PresenceStatus>> presence(String topic, Selection<PresenceStatus> selection) {
        return destinations
                .presence()
                .status(single(parser, topic, Destination.Kind.TOPIC, "/topic/NAME"))
                .map(all -> select(all, selection));
    }

    public Page<QueueStatus> queues(Selection<QueueStatus> selection) {
        return select(queues.all(), selection);
    }

    /**
     * One queue; empty: it has neither consumers nor messages.
     *
     * @param queue such as {@code /queue/orders}
     * @throws ProtocolException when the text names no queue
     */
    public Optional<QueueStatus> queue(String queue) {
        return queues.find(queue(parser, queue));
    }

    /**
     * Ready messages of a queue, in order and without taking them; empty: there is no such queue.
     *
     * @param after the place behind which to begin; -1: the first
     * @param most messages
     * @param maxBytes of bodies; the first message comes however large it is
     * @throws ProtocolException when the text names no queue
     */
    public Optional<List<QueuedMessage>> peek(String queue, long after, int most, long maxBytes) {
        return queues.peek(queue(parser, queue), after, most, maxBytes);
    }

    public Page<DurableSubscriptionStatus> durableSubscriptions(Selection<DurableSubscriptionStatus> selection) {
        return select(destinations.durables().status(), selection);
    }

    /** As {@link Broker#subscriberCount}. */
    int subscriberCount(String destination) {
        return parser.forSend(destination).stream()
                .map(Target::destination)
                .mapToInt(each -> each.kind() == Destination.Kind.QUEUE
                        ? ownQueues.find(each).map(QueueStatus::consumers).orElse(0)
                        : destinations.topics().subscriberCount(each))
                .sum();
    }

    /** Recent ends of connections and refusals of sockets: the last some hundred of each kind. */
    public Page<ConnectionEvent> events(Selection<ConnectionEvent> selection) {
        return select(events.all().stream(), selection);
    }

    private static <T> Page<T> select(Stream<T> all, Selection<T> selection) {
        Selected<T> selected = new Selected<>(selection);
        all.forEach(selected::add);
        return Selected.page(selection, List.of(selected));
    }

    static Destination queue(DestinationParser parser, String text) {
        return single(parser, text, Destination.Kind.QUEUE, "/queue/NAME");
    }

    private static Destination single(DestinationParser parser, String text, Destination.Kind kind, String form) {
        List<Target> targets = parser.forSend(text);
        if (targets.size() != 1 || targets.get(0).destination().kind() != kind) {
            throw new ProtocolException("invalid destination", "this needs one destination, such as " + form);
        }
        return targets.get(0).destination();
    }

    /** Completed, by any thread, when the other nodes of a cluster refuse this one after its start; with a sentence that says why. */
    public CompletionStage<String> refusalByNodes() {
        return refusal.minimalCompletionStage();
    }

    /** The other nodes refuse this one. */
    void refused(String why) {
        refusal.complete(why);
    }
}
