package io.fanfare.nats.internal.queue;

import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One shared queue at this node: whether its stream is there, and the messages that the node has of it. Owned by the worker. */
final class SharedQueueStream {

    private static final Logger LOG = LoggerFactory.getLogger(SharedQueueStream.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Destination queue;
    private final StreamName name;
    private final Engine engine;
    private final Worker worker;
    private final Worker manager;
    private final Holding holding;

    /** Whether the stream and its consumer are there, as far as known. */
    private boolean ready;

    private boolean ensuring;

    /** Whether that is to be done once more, as the server may be another one. */
    private boolean isOutdated;

    /** What waits until they are. */
    private List<Runnable> waiting = new ArrayList<>(0);

    /** When the stream was made; null: not known yet. */
    private @Nullable Instant created;

    /** Whether one server keeps the stream alone: one that is killed has forgotten the last things it did. */
    private final boolean isAlone;

    private String trouble = "";

    /** The server that is in no cluster and has the stream; empty: several may have it, or not known. */
    private String aloneAt = "";

    /** When the engine has answered an append last, by {@link System#nanoTime}. */
    private long answeredAt = System.nanoTime();

    /** When something of this node has used it last, by {@link System#nanoTime}; any thread may say so. */
    private volatile long usedAt = System.nanoTime();

    /** Whether it is looked for only as long as something waits for it. */
    private boolean released;

    SharedQueueStream(
            Destination queue,
            StreamName name,
            Engine engine,
            Worker worker,
            Worker manager,
            Holding holding,
            boolean isAlone) {
        this.queue = queue;
        this.name = name;
        this.engine = engine;
        this.worker = worker;
        this.manager = manager;
        this.holding = holding;
        this.isAlone = isAlone;
    }

    Destination queue() {
        return queue;
    }

    /** Such as {@code /queue/orders}. */
    String address() {
        return DestinationText.of(queue);
    }

    StreamName name() {
        return name;
    }

    /** The messages that this node has of it. */
    Holding holding() {
        return holding;
    }

    /** Something of this node uses it; called by any thread. */
    void used(long now) {
        usedAt = now;
    }

    long usedAt() {
        return usedAt;
    }

    /** The node has no place for it any more. */
    void release() {
        released = true;
    }

    /** Why it is not there, as the end of a sentence; empty: not known. */
    String trouble() {
        return trouble;
    }

    /** Whether this server, which is in no cluster, has the stream: it takes messages of a connection in their order. */
    boolean isAloneAt(String server) {
        return ready && aloneAt.equals(server);
    }

    /** The engine has answered an append. */
    void answered(long now) {
        answeredAt = now;
    }

    long answeredAt() {
        return answeredAt;
    }

    /** Whether it is there; if not, it is made, and the task runs afterwards. */
    boolean whenReady(Runnable task) {
        if (ready) {
            return true;
        }
        waiting.add(task);
        ensure();
        return false;
    }

    /** Something went wrong: the stream may be gone, and is looked for before the next use. */
    void doubt() {
        ready = false;
    }

    /** A server has the connection again: it may have been started anew, or be another one. */
    void reconnected() {
        ready = false;
        holding.doubt().begins();
        isOutdated = ensuring;
        if (created != null) {
            ensure();
        }
    }

    private void ensure() {
        if (ensuring) {
            return;
        }
        ensuring = true;
        manager.execute(() -> {
            try {
                String server = engine.serverId();
                Engine.Stream stream = engine.ensure(name, address());
                worker.execute(() -> isThere(stream, server));
            } catch (IOException | JetStreamApiException | RuntimeException e) {
                worker.execute(() -> isNotThere(e));
            }
        });
    }

    private void isThere(Engine.Stream stream, String server) {
        ensuring = false;
        if (isOutdated) {
            isOutdated = false;
            ensure();
            return;
        }
        ready = true;
        trouble = "";
        if (created != null && !created.equals(stream.created())) {
            LOG.warn("the stream of {} was deleted and made anew", address());
            holding.forget();
        }
        holding.doubt().ends(server, stream.lastSequence());
        if (isAlone) {
            holding.serverIs(server);
        }
        aloneAt = stream.aloneAt();
        created = stream.created();
        List<Runnable> now = waiting;
        waiting = new ArrayList<>(0);
        now.forEach(Runnable::run);
    }

    private void isNotThere(Exception why) {
        ensuring = false;
        isOutdated = false;
        String text = why instanceof JetStreamApiException refusal
                ? refusal.getErrorDescription()
                : String.valueOf(why.getMessage());
        if (trouble.isEmpty()) {
            LOG.warn("the stream of {} cannot be had, and is tried again: {}", address(), text);
        }
        trouble = ": " + text;
        worker.later(RETRY, () -> {
            if (!ready && !(released && waiting.isEmpty())) {
                ensure();
            }
        });
    }
}
