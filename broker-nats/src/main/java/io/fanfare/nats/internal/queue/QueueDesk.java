package io.fanfare.nats.internal.queue;

import io.fanfare.backplane.QueueTaker;
import io.fanfare.backplane.SharedQueue;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.nats.internal.connect.StreamLife;
import io.fanfare.status.QueuedMessage;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inspection and operations of shared queues at the engine, for operators. Any thread may call; but for {@link #queues}
 * and {@link #consumers}, calls wait for the engine, so that no event loop may make one.
 */
public final class QueueDesk implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueueDesk.class);

    /** How often the streams are looked at for metrics. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    /** Operators do not see what is older. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Octets of names in what a node tells of its consumers. */
    private static final int MAX_TOLD = 64 << 10;

    private static final String PREFIX = "/queue/";
    private static final int NOT_FOUND = 404;

    private final Link link;
    private final Engine engine;
    private final String cluster;
    private final BrokerClock clock;
    private final Consumer<Destination> onDeleted;
    private final Worker looks = new Worker("fanfare-queues-looks");
    private final Map<Pulls, Consuming> consuming = new ConcurrentHashMap<>();
    private volatile List<SharedQueue> queues = List.of();
    private volatile long looked = System.nanoTime() - LOOK.toNanos();

    /** What takes messages of a queue here. */
    private record Consuming(Destination queue, QueueTaker taker) {}

    /** What was seen last, by the name of the stream: of streams that nothing happens to, their consumers are not asked each time. */
    private Map<String, Seen> seen = new HashMap<>();

    /** A queue, and the last message that its stream had then. */
    private record Seen(long last, SharedQueue queue) {

        /** Whether it is the same now: without a message there is none to be delivered. */
        boolean isStill(StreamState state) {
            return state.getMsgCount() == 0
                    && state.getLastSequence() == last
                    && queue.ready() == 0
                    && queue.unacknowledged() == 0;
        }
    }

    /** An answer of the engine. */
    private interface Question<T> {
        T ask(JetStreamManagement management) throws IOException, JetStreamApiException;
    }

    /** @param onDeleted told of each queue that has been deleted here */
    QueueDesk(Link link, Engine engine, String cluster, BrokerClock clock, Consumer<Destination> onDeleted) {
        this.link = link;
        this.engine = engine;
        this.cluster = cluster;
        this.clock = clock;
        this.onDeleted = onDeleted;
    }

    /** There is a connection. */
    void begin() {
        looks.every(LOOK, this::lookIfOld);
        looks.execute(this::lookIfOld);
    }

    /** Something takes messages of a queue here. */
    void begins(Pulls source, Destination queue, QueueTaker taker) {
        consuming.put(source, new Consuming(queue, taker));
    }

    /** Removes a taker that takes none any more. */
    void ends(Pulls source) {
        consuming.remove(source);
    }

    /**
     * What the streams held when they were looked at last, some seconds ago.
     *
     * @param elsewhere the number of consumers that other nodes have of a queue, by its name
     */
    public List<SharedQueue> queues(ToIntFunction<String> elsewhere) {
        return queues.stream()
                .map(each -> each.with(elsewhere.applyAsInt(each.destination().name())))
                .toList();
    }

    /**
     * The queues with messages, as {@link #queues}.
     *
     * @param since by {@link System#nanoTime}
     * @return null: the streams have not been looked at since then
     */
    @Nullable
    synchronized Set<Destination> filled(long since) {
        return looked - since <= 0
                ? null
                : queues.stream()
                        .filter(each -> each.ready() + each.unacknowledged() > 0)
                        .map(SharedQueue::destination)
                        .collect(Collectors.toSet());
    }

    /** Has {@link #queues} tell what is so now, or was within the last second; waits for the engine, some seconds at most. */
    public void look() {
        if (isFresh() || !link.isUp()) {
            return;
        }
        looks.execute(this::lookIfOld);
        try {
            looks.caughtUp().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.debug("the streams of queues are not looked at in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isFresh() {
        return System.nanoTime() - looked < FRESH.toNanos();
    }

    private void lookIfOld() {
        if (!link.isUp() || isFresh()) {
            return;
        }
        try {
            long now = System.nanoTime();
            List<SharedQueue> all = ask();
            synchronized (this) {
                queues = all;
                looked = now;
            }
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            LOG.debug("the streams of queues cannot be looked at", e);
        }
    }

    /** As {@link io.fanfare.backplane.SharedOperations#look(Destination)}. */
    public void look(Destination queue) {
        String stream = StreamName.of(cluster, queue).stream();
        Optional<SharedQueue> now = ask(
                queue,
                management -> queue(
                        DestinationText.of(queue),
                        management.getStreamInfo(stream).getStreamState(),
                        StreamMessages.consumer(management, stream)));
        synchronized (this) {
            queues = Stream.concat(
                            queues.stream().filter(each -> !each.destination().equals(queue)), now.stream())
                    .toList();
        }
    }

    /** This node's consumers of each queue, by its name, as far as there is room to tell of them. */
    public Map<String, Integer> consumers() {
        Map<String, Integer> counts = new TreeMap<>();
        consuming
                .values()
                .forEach(each -> counts.merge(each.queue().name(), each.taker().consumers(), Integer::sum));
        int octets = 0;
        for (Iterator<String> names = counts.keySet().iterator(); names.hasNext(); ) {
            octets += names.next().length();
            if (octets > MAX_TOLD) {
                names.remove();
            }
        }
        return counts;
    }

    private List<SharedQueue> ask() throws IOException, JetStreamApiException {
        JetStreamManagement management = engine.management();
        Map<String, Seen> now = new HashMap<>();
        List<SharedQueue> all = new ArrayList<>();
        for (StreamInfo each : management.getStreams(StreamName.subjects(cluster) + "*")) {
            String name = each.getConfiguration().getName();
            String address = StreamLife.text(each.getConfiguration());
            if (name.startsWith(StreamName.prefix(cluster)) && address.startsWith(PREFIX)) {
                StreamState state = each.getStreamState();
                Seen before = seen.get(name);
                SharedQueue queue = before != null && before.isStill(state)
                        ? before.queue()
                        : queue(address, state, StreamMessages.consumer(management, name));
                now.put(name, new Seen(state.getLastSequence(), queue));
                all.add(queue);
            }
        }
        seen = now;
        return List.copyOf(all);
    }

    private static SharedQueue queue(String address, StreamState state, @Nullable ConsumerInfo consumer) {
        long count = state.getMsgCount();
        long out = consumer == null ? 0 : Math.min(count, consumer.getNumAckPending());
        return new SharedQueue(
                Destination.queue(address.substring(PREFIX.length())),
                count - out,
                out,
                state.getByteCount(),
                count == 0 ? null : state.getFirstTime().toInstant().toEpochMilli(),
                state.getLastSequence(),
                consumer == null ? 0 : consumer.getDelivered().getConsumerSequence(),
                0);
    }

    private <T> Optional<T> ask(Destination queue, Question<T> question) {
        try {
            return Optional.of(question.ask(engine.management()));
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw unavailable(queue, e.getErrorDescription());
        } catch (IOException | IllegalStateException e) {
            throw unavailable(queue, String.valueOf(e.getMessage()));
        }
    }

    private static ProtocolException unavailable(Destination queue, String why) {
        return new ProtocolException(
                "queue unavailable",
                "NATS, which keeps " + DestinationText.of(queue) + ", can't do that just now: " + why,
                CloseCode.OVERLOAD);
    }

    /** As {@link io.fanfare.backplane.SharedOperations#peek}. */
    public Optional<List<QueuedMessage>> peek(Destination queue, long after, int most, long maxBytes) {
        StreamName name = StreamName.of(cluster, queue);
        return ask(queue, management -> management.getStreamInfo(name.stream()))
                .flatMap(there -> ask(
                        queue, management -> new StreamMessages(management, name, clock).peek(after, most, maxBytes)));
    }

    /** As {@link io.fanfare.backplane.SharedOperations#purge}. */
    public Optional<Long> purge(Destination queue) {
        String stream = StreamName.of(cluster, queue).stream();
        Optional<Long> purged =
                ask(queue, management -> management.purgeStream(stream).getPurged());
        doubt();
        return purged;
    }

    /** What was seen is not so any more. */
    private void doubt() {
        long old = System.nanoTime() - FRESH.toNanos();
        if (looked - old > 0) {
            looked = old;
        }
    }

    /** As {@link io.fanfare.backplane.SharedOperations#delete}. */
    public boolean delete(Destination queue) {
        String stream = StreamName.of(cluster, queue).stream();
        boolean deleted = ask(queue, management -> {
                    ConsumerInfo consumer = StreamMessages.consumer(management, stream);
                    // a request that waits is a consumer's, of any node
                    boolean isFree =
                            consumer == null || (consumer.getNumWaiting() == 0 && consumer.getNumAckPending() == 0);
                    return isFree && management.deleteStream(stream);
                })
                .orElse(true);
        doubt();
        if (deleted) {
            onDeleted.accept(queue);
        }
        return deleted;
    }

    @Override
    public void close() {
        looks.close();
    }
}
