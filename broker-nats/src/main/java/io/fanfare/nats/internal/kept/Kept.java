package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.LocalNode;
import io.fanfare.backplane.MessageRecord;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.HeaderBytes;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Retain;
import io.fanfare.message.Sender;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Part;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The topics that keep messages: appends to their streams, and reads these. Any thread may call. */
public final class Kept implements Part {

    private static final Duration TICK = Duration.ofMillis(50);

    /** A start fails when no message comes for so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Topics whose rules are known without a search. */
    private static final int MAX_KNOWN = 10_000;

    /** A stream that topics without a rule have. */
    private static final Optional<KeptStream> NONE = Optional.empty();

    private final NatsOptions options;
    private final String idPrefix;
    private final AtomicLong ids = new AtomicLong();
    private final KeptAppends appends;
    private final Origins origins = new Origins();
    private final Clearing clearing = new Clearing();
    private final ScheduledExecutorService timer;
    private final Map<Destination, Optional<KeptStream>> known = new ConcurrentHashMap<>();

    private volatile List<Reader> readers = List.of();

    /** Of the readers, in their order. */
    private volatile List<ReaderWatch> watches = List.of();

    private volatile @Nullable LocalNode local;
    private volatile @Nullable Connection connection;
    private volatile boolean caughtUp;

    /**
     * Keeps nothing yet.
     *
     * @param node the node's name
     * @param life tells this life of the node from others
     * @param timer for what does not block
     */
    public Kept(NatsOptions options, String node, long life, ScheduledExecutorService timer) {
        this.options = options;
        this.idPrefix = node + "-" + Long.toUnsignedString(life, 36) + "-";
        this.appends = new KeptAppends(options.kept().appendTimeout(), () -> watches.forEach(ReaderWatch::look));
        this.timer = timer;
    }

    /** Learns which topics keep messages; called once, before {@link #carries} is asked. */
    public void begin(LocalNode node) {
        local = node;
        List<Reader> all = new ArrayList<>();
        for (TopicRule rule : node.topicRules()) {
            if (rule.keeps()
                    && all.stream()
                            .noneMatch(each -> each.stream().rule().match().equals(rule.match()))) {
                all.add(new Reader(new KeptStream(options, rule), node, origins, appends));
            }
        }
        readers = List.copyOf(all);
        watches = all.stream()
                .map(each -> new ReaderWatch(each.stream().name(), each.reader()))
                .toList();
        if (!all.isEmpty()) {
            timer.scheduleWithFixedDelay(appends::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void start(Connections connections, LocalNode node) throws IOException, InterruptedException {
        if (readers.isEmpty()) {
            return;
        }
        Connection opened = connections.kept();
        connections.onSilence(which -> watches.forEach(each -> each.silent(which)));
        Dispatcher reading = opened.createDispatcher();
        for (Reader each : readers) {
            each.reader().open(opened, reading);
        }
        appends.connect(opened);
        StreamReader.awaitCaughtUp(readers.stream().map(Reader::reader).toList(), PATIENCE);
        for (Reader each : readers) {
            each.settle(opened);
        }
        watches.forEach(each -> each.begin(opened, reading, appends::sendAgain));
        connection = opened;
        caughtUp = true;
    }

    /** Whether a topic's messages are kept in NATS. */
    public boolean carries(Destination topic) {
        return stream(topic).isPresent();
    }

    private Optional<KeptStream> stream(Destination topic) {
        if (readers.isEmpty()) {
            return NONE;
        }
        Optional<KeptStream> found = known.get(topic);
        if (found == null) {
            found = find(topic);
            if (known.size() >= MAX_KNOWN) {
                known.clear();
            }
            known.put(topic, found);
        }
        return found;
    }

    private Optional<KeptStream> find(Destination topic) {
        LocalNode node = local;
        TopicRule rule = node == null ? null : node.keptRule(topic);
        return readers.stream()
                .map(Reader::stream)
                .filter(each -> rule != null && each.rule().match().equals(rule.match()))
                .findFirst();
    }

    /**
     * Makes sure that a message of a kept topic can be kept.
     *
     * @throws ProtocolException when it can't
     */
    public void check(Destination topic, Message message) {
        TopicRule rule = stream(topic).map(KeptStream::rule).orElse(null);
        if (rule == null) {
            return;
        }
        String name = DestinationText.address(topic);
        if (message.properties().retain() == Retain.SET
                && StreamSettings.isHistoryAlone(rule)
                && rule.historyAge() != null) {
            throw new ProtocolException(
                    "retain not available",
                    "the rule of " + name
                            + " in topics has a history with an age and no retain: several nodes keep nothing of"
                            + " it longer than that");
        }
        Connection to = connection;
        long most = to == null || to.getServerInfo() == null
                ? 0
                : to.getServerInfo().getMaxPayload();
        long bytes = (long) KeptAppend.OVERHEAD_BYTES
                + name.length()
                + HeaderBytes.size(message.headers())
                + message.body().length;
        if (most > 0 && bytes > most) {
            throw new ProtocolException(
                    "message too large",
                    Limits.exceeded(
                            "the message to " + name + " would have %,d B in NATS",
                            bytes,
                            most,
                            "max_payload of the NATS servers"),
                    CloseCode.TOO_BIG);
        }
    }

    /** Appends a message that {@link #check} has let pass; completed when it is kept and has been published here. */
    public CompletionStage<Outcome> append(Destination topic, Message message) {
        LocalNode node = local;
        KeptStream stream = stream(topic).orElse(null);
        if (node == null || stream == null) {
            return CompletableFuture.failedFuture(
                    new ProtocolException("topic unavailable", "nothing keeps this topic"));
        }
        Sender sender = message.sender();
        // without a connection the publisher waits for each message itself
        Object lane = sender == null ? new Object() : sender;
        byte[] record = MessageRecord.write(topic, message, node.clock()).array();
        String subject = stream.subject(DestinationText.address(topic), node.keptKey(topic, message));
        String id = nextId();
        if (sender != null) {
            origins.goes(id, sender);
        }
        return append(lane, id, stream, subject, record);
    }

    private String nextId() {
        return idPrefix + ids.incrementAndGet();
    }

    /** As {@link io.fanfare.backplane.SharedOperations#clear}. */
    public long clear(Destination topic) {
        LocalNode node = local;
        KeptStream stream = stream(topic).orElse(null);
        Connection to = connection;
        if (node == null || stream == null || to == null) {
            throw new ProtocolException(
                    "topic unavailable", "what keeps this topic has not been read yet", CloseCode.OVERLOAD);
        }
        String name = DestinationText.address(topic);
        byte[] record = Clearing.mark(topic, node.clock());
        return clearing.clear(
                stream, name, to, () -> append(new Object(), nextId(), stream, stream.clearing(name), record));
    }

    private CompletableFuture<Outcome> append(
            Object lane, String id, KeptStream stream, String subject, byte[] record) {
        return appends.add(new KeptAppend(lane, id, stream.name(), subject, record, appends.deadline()));
    }

    /**
     * The number of the last message in the order of this epoch, whether or not this node has read it.
     *
     * @throws IOException when NATS does not answer, or there is no such order
     */
    public long end(String epoch) throws IOException {
        Connection to = connection;
        for (Reader each : readers) {
            if (to != null && each.epoch().equals(epoch)) {
                return each.stream()
                        .open(to.jetStreamManagement())
                        .getStreamState()
                        .getLastSequence();
            }
        }
        throw new IOException("no order of topics is called " + epoch);
    }

    /** Octets of messages that wait to be kept. */
    public long bytes() {
        return appends.bytes();
    }

    /** Why clients should not come yet; empty: topics are as the streams have them. */
    public Optional<String> unready() {
        return readers.isEmpty() || caughtUp
                ? Optional.empty()
                : Optional.of("what topics keep is being read from NATS");
    }

    /** The connection has found a server again. */
    public void reconnected() {
        appends.sendAgain();
        watches.forEach(ReaderWatch::reconnected);
    }

    /** What nodes must have alike, by key: their streams follow these. */
    public Map<String, String> settings() {
        return readers.isEmpty()
                ? Map.of()
                : Map.of(
                        "cluster.replicas", String.valueOf(options.effectiveReplicas()),
                        "cluster.kept_bytes", String.valueOf(options.kept().bytes()));
    }

    @Override
    public void close() {
        watches.forEach(ReaderWatch::close);
        clearing.close();
        appends.close();
    }
}
