package io.fanfare.nats.internal.kept;

import io.fanfare.backplane.DurableClaim;
import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableProgress;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.backplane.DurableTerms;
import io.fanfare.backplane.LocalNode;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Part;
import io.fanfare.nats.options.NatsOptions;
import io.fanfare.options.TopicRule;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Durable subscriptions to kept topics: the holder of each, and how far it has come, in the order of one stream that every node reads
 * (decision 0051). Any thread may call.
 */
public final class KeptDurables implements Part, DurableRegistry {

    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration EXPIRE = Duration.ofSeconds(1);

    /** A start fails when no record comes for so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final NatsOptions options;
    private final DurableWriter writer;
    private final DurableClaims claims;
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "fanfare-nats-durables");
        thread.setDaemon(true);
        return thread;
    });

    private volatile @Nullable LocalNode local;

    /** Guarded by this. */
    private @Nullable StreamReader reader;

    private volatile @Nullable ReaderWatch watch;
    private volatile @Nullable DurableStream stream;
    private volatile @Nullable Connection connection;

    /**
     * None yet.
     *
     * @param life tells this life of the node from others
     * @param kept the topics that they are of
     * @param isAlive whether a node of this name is there
     */
    public KeptDurables(NatsOptions options, String node, long life, Kept kept, Predicate<String> isAlive) {
        this.options = options;
        String prefix = node + "-" + Long.toUnsignedString(life, 36) + "-";
        this.writer = new DurableWriter(prefix, options.kept().appendTimeout(), this::look);
        this.claims = new DurableClaims(node, isAlive, writer, new Calls(kept), watcher);
    }

    /** What the claims ask NATS. */
    private final class Calls implements DurableClaims.Engine {

        private final Kept kept;

        Calls(Kept kept) {
            this.kept = kept;
        }

        @Override
        public long end(String epoch) throws IOException {
            return kept.end(epoch);
        }

        @Override
        public void forget(long sequence) throws IOException {
            there(stream).forget(there(connection).jetStreamManagement(), sequence);
        }
    }

    private static <T> T there(@Nullable T part) throws IOException {
        if (part == null) {
            throw new IOException("this node has not joined the others yet");
        }
        return part;
    }

    @Override
    public synchronized void start(Connections connections, LocalNode broker) throws IOException, InterruptedException {
        if (settings(broker).isEmpty()) {
            return;
        }
        if (reader == null) {
            local = broker;
            stream = new DurableStream(options, broker.durableExpiry());
            reader = new StreamReader(there(stream), new DurableReader(there(stream), claims, writer.appends()));
            watch = new ReaderWatch(there(stream).name(), there(reader));
            watcher.scheduleWithFixedDelay(writer::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
            watcher.scheduleWithFixedDelay(this::expire, EXPIRE.toMillis(), EXPIRE.toMillis(), TimeUnit.MILLISECONDS);
        }
        Connection opened = connections.kept();
        connections.onSilence(there(watch)::silent);
        Dispatcher reading = opened.createDispatcher();
        there(reader).open(opened, reading);
        writer.connect(there(stream), opened);
        StreamReader.awaitCaughtUp(List.of(there(reader)), PATIENCE);
        there(watch).begin(opened, reading, writer::sendAgain);
        connection = opened;
    }

    /** The connection has found a server again. */
    public void reconnected() {
        writer.sendAgain();
        watches(ReaderWatch::reconnected);
    }

    private void look() {
        watches(ReaderWatch::look);
    }

    private void watches(Consumer<ReaderWatch> what) {
        ReaderWatch known = watch;
        if (known != null) {
            what.accept(known);
        }
    }

    private void expire() {
        LocalNode broker = local;
        if (broker != null) {
            claims.expire(broker.clock().millis(), broker.durableExpiry());
        }
    }

    /** What nodes must have alike, by key: the stream follows it. */
    public Map<String, String> settings(LocalNode broker) {
        return broker.topicRules().stream().noneMatch(TopicRule::hasHistory)
                ? Map.of()
                : Map.of("durable_expiry", broker.durableExpiry().toString());
    }

    @Override
    public CompletionStage<DurableClaim> claim(
            DurableKey key, DurableTerms terms, DurableProgress start, Claimant claimant) {
        return claims.claim(key, terms, start, claimant).ready;
    }

    @Override
    public CompletionStage<Void> end(DurableKey key) {
        String id = writer.nextId();
        return writer.write(id, DurableRecord.end(key, id));
    }

    @Override
    public Optional<Entry> get(DurableKey key) {
        return claims.get(key);
    }

    @Override
    public List<Entry> all() {
        return claims.all();
    }

    @Override
    public void close() {
        watcher.shutdownNow();
        watches(ReaderWatch::close);
        writer.close();
    }
}
