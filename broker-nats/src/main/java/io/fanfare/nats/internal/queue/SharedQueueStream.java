package io.fanfare.nats.internal.queue;

import static java.util.Objects.requireNonNull;

import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One shared queue at this node: whether its stream is there, and the messages that the node has of it. Owned by the worker. */
final class SharedQueueStream {

    private static final Logger LOG = LoggerFactory.getLogger(SharedQueueStream.class);
    private static final Duration RETRY = Duration.ofMillis(250);

    private final Destination queue;
    private final StreamName name;
    private final Engine engine;
    private final Worker worker;
    private final Worker manager;
    private final Holding holding;

    /** Whether the stream is there, as far as known. */
    private boolean ready;

    private boolean ensuring;

    /** Whether that is to be done once more, as the server may be another one. */
    private boolean isOutdated;

    /** What waits until it is. */
    private List<Runnable> waiting = new ArrayList<>(0);

    /** Whether its consumer is there, as far as known. */
    private boolean hasConsumer;

    private boolean ensuringConsumer;

    /** What waits until it is. */
    private List<Runnable> waitingForConsumer = new ArrayList<>(0);

    /** Which of the streams of its name it is; empty: not known yet. */
    private String life = "";

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

    /** The same of the stream and its consumer, which is for those that take messages. */
    boolean whenConsumable(Runnable task) {
        if (!whenReady(() -> {
            if (whenConsumable(task)) {
                task.run();
            }
        })) {
            return false;
        }
        if (hasConsumer) {
            return true;
        }
        waitingForConsumer.add(task);
        ensureConsumer();
        return false;
    }

    /** Messages are taken from now on: whether the consumer is there may have been seen long ago. */
    void isTaken() {
        hasConsumer = false;
    }

    /** Something went wrong: the stream may be gone, and is looked for before the next use. */
    void doubt() {
        ready = false;
    }

    /** The consumer may be gone, or the stream with it. */
    void doubtConsumer() {
        ready = false;
        hasConsumer = false;
    }

    /** A server has the connection again: it may have been started anew, or be another one. */
    void reconnected() {
        doubtConsumer();
        holding.doubt().begins();
        isOutdated = ensuring;
        if (!life.isEmpty()) {
            ensure();
        }
    }

    /** Another server leads the stream, or its consumer: one that was asked in vain may be asked again. */
    void elected() {
        if (ensuring) {
            look();
        }
        if (ensuringConsumer) {
            lookForConsumer();
        }
    }

    private void ensure() {
        if (!ensuring) {
            ensuring = true;
            look();
        }
    }

    private void look() {
        engine.look(name, address(), look -> {
            if (!ensuring) {
                // another answer has come before
                return;
            }
            switch (look.kind()) {
                case THERE -> isThere(requireNonNull(look.stream()));
                case MISSING -> make();
                case UNKNOWN -> isNotThere(look.trouble());
            }
        });
    }

    private void make() {
        manager.execute(() -> {
            try {
                Engine.Stream stream = engine.make(name, address());
                worker.execute(() -> isThere(stream));
                // for operators, and nodes that believe in it
                makeConsumerNow();
            } catch (IOException | JetStreamApiException | RuntimeException e) {
                worker.execute(() -> isNotThere(text(e)));
            }
        });
    }

    private static String text(Exception why) {
        return why instanceof JetStreamApiException refusal
                ? refusal.getErrorDescription()
                : String.valueOf(why.getMessage());
    }

    private void isThere(Engine.Stream stream) {
        ensuring = false;
        if (isOutdated) {
            isOutdated = false;
            ensure();
            return;
        }
        ready = true;
        trouble = "";
        if (!life.isEmpty() && !life.equals(stream.life()) && isAnother(stream)) {
            LOG.warn("the stream of {} was deleted and made anew", address());
            holding.forget();
            hasConsumer = false;
        }
        holding.doubt().ends(stream.server(), stream.lastSequence());
        if (isAlone) {
            holding.serverIs(stream.server());
        }
        aloneAt = stream.aloneAt();
        life = stream.life();
        List<Runnable> now = waiting;
        waiting = new ArrayList<>(0);
        now.forEach(Runnable::run);
    }

    /** Where its servers may say different things, only one that ends before what has come from it. */
    private boolean isAnother(Engine.Stream stream) {
        return stream.isCertain() || !holding.doubt().maySee(stream.lastSequence());
    }

    private void isNotThere(String why) {
        ensuring = false;
        isOutdated = false;
        isTrouble(why);
        worker.later(RETRY, () -> {
            if (!ready && !(released && waiting.isEmpty())) {
                ensure();
            }
        });
    }

    private void isTrouble(String why) {
        if (trouble.isEmpty()) {
            LOG.warn("the stream of {} cannot be had, and is tried again: {}", address(), why);
        }
        trouble = ": " + why;
    }

    private void ensureConsumer() {
        if (!ensuringConsumer) {
            ensuringConsumer = true;
            lookForConsumer();
        }
    }

    private void lookForConsumer() {
        engine.lookForConsumer(name, look -> {
            if (!ensuringConsumer) {
                return;
            }
            switch (look.kind()) {
                case THERE -> consumerIsThere();
                case MISSING -> makeConsumer();
                case UNKNOWN -> consumerIsNotThere(look.trouble());
            }
        });
    }

    private void makeConsumer() {
        manager.execute(this::makeConsumerNow);
    }

    private void makeConsumerNow() {
        try {
            engine.makeConsumer(name);
            worker.execute(this::consumerIsThere);
        } catch (IOException | JetStreamApiException | RuntimeException e) {
            worker.execute(() -> consumerIsNotThere(text(e)));
        }
    }

    private void consumerIsThere() {
        ensuringConsumer = false;
        hasConsumer = true;
        trouble = "";
        List<Runnable> now = waitingForConsumer;
        waitingForConsumer = new ArrayList<>(0);
        now.forEach(Runnable::run);
    }

    private void consumerIsNotThere(String why) {
        ensuringConsumer = false;
        isTrouble(why);
        // with its stream, which may be gone
        List<Runnable> now = waitingForConsumer;
        waitingForConsumer = new ArrayList<>(0);
        ready = false;
        worker.later(
                RETRY,
                () -> now.forEach(task -> {
                    if (whenConsumable(task)) {
                        task.run();
                    }
                }));
    }
}
