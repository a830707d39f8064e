package io.fanfare.nats.internal.queue;

import io.fanfare.backplane.Carriage;
import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.backplane.QueueLimits;
import io.fanfare.backplane.QueueSource;
import io.fanfare.backplane.QueueTaker;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.TopicName;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Part;
import io.fanfare.nats.options.NatsOptions;
import io.nats.client.Connection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The queues of {@code queues.shared}. Any thread may call; but for {@link #close}, no call waits. What goes on is owned by one
 * thread, the worker; a second one, the manager, waits for the engine where that has to be, and a third one gives back.
 */
public final class SharedQueues implements Part {

    /**
     * What queues may take.
     *
     * @param patience how long a SEND or an ACK waits for an engine that does not answer
     * @param unused after so long without a use at this node, a queue without messages gives its place here to another
     * @param places queues that this node has to do with at a time: each is a stream, which is no small thing for the engine
     */
    public record Bounds(Duration patience, Duration unused, int places) {

        public static final Bounds USUAL = new Bounds(Duration.ofSeconds(30), Duration.ofMinutes(1), 1000);
    }

    private static final Logger LOG = LoggerFactory.getLogger(SharedQueues.class);
    private static final String PREFIX = "/queue/";

    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration END = Duration.ofSeconds(2);

    /** Octets of a NATS message beside the id and the record. */
    private static final int OVERHEAD_BYTES = 64;

    private final NatsOptions options;
    private final LocalNode local;
    private final Bounds bounds;
    private final List<List<String>> patterns;
    private final String idPrefix;
    private final AtomicLong ids = new AtomicLong();
    private final Worker worker = new Worker("fanfare-queues");
    private final Link link = new Link(worker);
    private final Worker manager = new Worker("fanfare-queues-engine");
    private final Worker returns = new Worker("fanfare-queues-returns");
    private final Elections elections;
    private final NatsLine.Opening lines;
    private final Engine engine;
    private final QueueDesk desk;
    private final Appends appends;
    private final Ends ends = new Ends();
    private final Places queues;
    private final Set<Pulls> pulls = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Queues without a connection; what is sent to them waits for one.
     *
     * @param node the name of this node
     */
    public SharedQueues(NatsOptions options, String node, LocalNode local, Bounds bounds) {
        this.options = options;
        this.local = local;
        this.bounds = bounds;
        this.queues = new Places(bounds.places());
        this.patterns = options.sharedQueues().stream()
                .map(each -> TopicName.splitPattern(each.substring(PREFIX.length())))
                .toList();
        this.idPrefix = node + "-" + Long.toString(local.clock().millis(), Character.MAX_RADIX) + "-";
        this.engine = new Engine(link, options, local.queueLimits());
        this.desk = new QueueDesk(link, engine, options.name(), local.clock(), this::deleted);
        this.lines = new NatsLine.Opening(options, node, worker);
        this.appends =
                new Appends(worker, lines, new Refusals(local.queueLimits(), bounds.patience()), Appends.Times.USUAL);
        this.elections =
                new Elections(options.name(), local.clock(), new Elections.AskingAgain(worker, queues, pulls, appends));
    }

    @Override
    public void start(Connections connections, LocalNode broker) {
        connected(connections.kept());
    }

    /** There is a connection from now on, in place of the one before. */
    public void connected(Connection kept) {
        boolean isFirst = !link.isKnown();
        link.connected(kept);
        elections.listen(kept);
        if (!isFirst) {
            reconnected();
            return;
        }
        worker.every(TICK, () -> {
            appends.look();
            link.look(System.nanoTime());
            pulls.forEach(Pulls::look);
        });
        worker.every(options.ackWait().dividedBy(4), () -> {
            if (link.isUp()) {
                // before messages of a node that was killed are delivered again
                queues.all().forEach(each -> each.holding().cleanSoon());
                queues.all().forEach(each -> each.holding().keep());
            }
        });
        worker.every(bounds.unused().dividedBy(4), this::releaseUnused);
        desk.begin();
    }

    /** The connection has a server again, that of before or another one. */
    public void reconnected() {
        elections.connected();
        worker.execute(() -> {
            queues.all().forEach(SharedQueueStream::reconnected);
            pulls.forEach(Pulls::renew);
        });
    }

    /**
     * How a queue that all clients share is carried.
     *
     * @throws ProtocolException when no pattern matches it
     */
    public Carriage carriage(Destination queue) {
        if (queues.has(queue) || isNamed(queue.name())) {
            return Carriage.QUEUE;
        }
        throw new ProtocolException(
                "queue not shared",
                DestinationText.address(queue)
                        + " is not shared by the nodes of this cluster; queues.shared names those that are");
    }

    /** Dead letters of a shared queue are shared too. */
    private boolean isNamed(String name) {
        return matches(name)
                || (name.startsWith(DestinationText.DEAD_LETTERS)
                        && matches(name.substring(DestinationText.DEAD_LETTERS.length())));
    }

    private boolean matches(String name) {
        List<String> words = TopicName.split(name);
        return patterns.stream().anyMatch(each -> TopicName.matches(each, words));
    }

    /** As {@link io.fanfare.backplane.Backplane#enqueue}. */
    public CompletionStage<Outcome> enqueue(Destination queue, Message message, @Nullable String id) {
        try {
            ByteBuffer record = MessageRecord.write(queue, message, local.clock());
            byte[] octets = record.array().length == record.remaining()
                    ? record.array()
                    : Arrays.copyOf(record.array(), record.remaining());
            String messageId = id == null ? idPrefix + ids.incrementAndGet() : StreamName.hash(id);
            checkSize(octets.length + messageId.length() + OVERHEAD_BYTES);
            Append append = new Append(
                    get(queue),
                    octets,
                    messageId,
                    id == null,
                    System.nanoTime() + bounds.patience().toNanos());
            appends.add(append, message.sender());
            return append.result();
        } catch (ProtocolException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void checkSize(int bytes) {
        long most = link.maxPayload();
        if (bytes > most) {
            throw new ProtocolException(
                    "message too large",
                    Limits.exceeded(
                            "the message has %,d B on its way to NATS", bytes, most, "max_payload of nats-server"),
                    CloseCode.TOO_BIG);
        }
    }

    /** As {@link io.fanfare.backplane.Backplane#take}. */
    public QueueSource take(Destination queue, QueueTaker taker) {
        while (true) {
            SharedQueueStream stream = get(queue);
            Pulls source = new Pulls(stream, taker, worker, returns, link, this::ended);
            pulls.add(source);
            if (queues.has(stream)) {
                worker.execute(stream::isTaken);
                desk.begins(source, queue, taker);
                return source;
            }
            // it was released before it was seen to be used
            pulls.remove(source);
        }
    }

    private void ended(Pulls source) {
        pulls.remove(source);
        desk.ends(source);
    }

    private SharedQueueStream get(Destination queue) {
        return queues.get(queue, q -> {
            StreamName name = StreamName.of(options.name(), q);
            Holding holding = new Holding(
                    name.stream(),
                    worker,
                    returns,
                    link,
                    local.clock(),
                    elections,
                    ends,
                    options.ackWait(),
                    bounds.patience());
            return new SharedQueueStream(q, name, engine, worker, manager, holding, options.effectiveReplicas() == 1);
        });
    }

    private void releaseUnused() {
        long now = System.nanoTime();
        long since = now - bounds.unused().toNanos();
        Set<Destination> filled = desk.filled(since);
        for (SharedQueueStream each : queues.all()) {
            if (each.usedAt() - since > 0) {
                continue;
            }
            if (isUsed(each)) {
                each.used(now);
            } else if (filled != null && !filled.contains(each.queue())) {
                queues.release(each, since, this::isUsed);
            }
        }
    }

    /** Whether something at this node sends to it, takes from it or has messages of it. */
    private boolean isUsed(SharedQueueStream queue) {
        return !queue.holding().isEmpty()
                || appends.queues().anyMatch(each -> each == queue)
                || pulls.stream().anyMatch(each -> each.queue() == queue);
    }

    /** An operator has deleted a queue. */
    private void deleted(Destination queue) {
        worker.execute(() -> queues.all().stream()
                .filter(each -> each.queue().equals(queue))
                .forEach(each -> queues.release(each, System.nanoTime(), this::isUsed)));
    }

    /** What operators see of the queues, and do to them. */
    public QueueDesk desk() {
        return desk;
    }

    /** Octets of messages that are not in their streams yet. */
    public long bytesUnderWay() {
        return appends.bytes();
    }

    /**
     * Gives back what this node has, and waits a moment for what is on its way to the engine; what is not there by then is
     * refused. The connection is the caller's to close.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        pulls.forEach(Pulls::close);
        worker.execute(() -> queues.all().forEach(each -> each.holding().giveAllBack()));
        CompletableFuture<Void> done = new CompletableFuture<>();
        long end = System.nanoTime() + END.toNanos();
        worker.execute(() -> awaitQuiet(end, done));
        done.join();
        lines.close();
        worker.close();
        manager.close();
        desk.close();
        returns.close();
    }

    private void awaitQuiet(long end, CompletableFuture<Void> done) {
        boolean isQuiet = appends.isEmpty()
                && queues.all().stream().allMatch(each -> each.holding().isQuiet());
        if (isQuiet || !link.isUp() || System.nanoTime() - end >= 0) {
            appends.end();
            done.complete(null);
        } else {
            worker.later(Duration.ofMillis(10), () -> awaitQuiet(end, done));
        }
    }

    /** What nodes must have alike, by key: the streams follow it. */
    public static Map<String, String> settings(NatsOptions options, LocalNode broker) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("queues.shared", options.sharedQueues().toString());
        settings.put("queues.ack_wait", options.ackWait().toString());
        if (!options.sharedQueues().isEmpty()) {
            QueueLimits limits = broker.queueLimits();
            settings.put("max_queue_messages", String.valueOf(limits.messages()));
            settings.put("max_queue_bytes", String.valueOf(limits.bytes()));
        }
        return settings;
    }
}
