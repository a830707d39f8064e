package io.fanfare.nats.internal.kept;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamSubscription;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watchdog of a {@link StreamReader}, with a thread of its own: its calls wait for NATS, and a stream without a leader
 * must not keep others waiting. Once a second it looks at the stream, and soon when something has happened to it, or a
 * look has failed. Any thread may call.
 */
final class ReaderWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    private static final Duration TICK = Duration.ofMillis(100);

    /** Ticks between two looks at a stream that is there. */
    private static final int TICKS_BETWEEN = 10;

    private static final String ELECTED = "$JS.EVENT.ADVISORY.STREAM.LEADER_ELECTED.";

    private final String stream;
    private final StreamReader reader;
    private final ScheduledExecutorService thread;
    private volatile @Nullable Access access;

    /** Ticks since the last look; the thread's. */
    private int ticks;

    /** What the reader reads by. */
    private record Access(Connection connection, Dispatcher messages) {}

    /** What is done with the reader. */
    private interface Act {

        void on(StreamReader reader, Connection connection, Dispatcher messages) throws IOException;
    }

    ReaderWatch(String stream, StreamReader reader) {
        this.stream = stream;
        this.reader = reader;
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "fanfare-nats-" + stream);
            made.setDaemon(true);
            return made;
        });
        thread.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * The reader has been opened.
     *
     * @param messages what its messages come by
     * @param onElected called by a thread of jnats when another server leads the stream, which knows nothing of what
     *     the one before was sent
     */
    void begin(Connection connection, Dispatcher messages, Runnable onElected) {
        access = new Access(connection, messages);
        connection
                .createDispatcher(message -> {
                    onElected.run();
                    look();
                })
                .subscribe(ELECTED + stream);
    }

    private void tick() {
        ticks++;
        if (ticks >= TICKS_BETWEEN) {
            act(StreamReader::watch);
        }
    }

    /** Looks at the stream soon. */
    void look() {
        does(StreamReader::watch);
    }

    /** The connection has found a server again. */
    void reconnected() {
        does(StreamReader::open);
    }

    /** Heart-beats of a subscription stay away, which may be another reader's. */
    void silent(JetStreamSubscription which) {
        does((by, connection, messages) -> by.silent(which, connection, messages));
    }

    private void does(Act act) {
        if (!thread.isShutdown()) {
            thread.execute(() -> act(act));
        }
    }

    private void act(Act act) {
        Access by = access;
        ticks = 0;
        if (by == null || by.connection().getStatus() != Connection.Status.CONNECTED) {
            return;
        }
        try {
            act.on(reader, by.connection(), by.messages());
        } catch (IOException | RuntimeException e) {
            LOG.debug("stream={} can't be looked at just now", stream, e);
            ticks = TICKS_BETWEEN - 1;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        reader.close();
    }
}
