package io.fanfare.nats.internal;

import io.fanfare.backplane.LocalNode;
import io.fanfare.nats.internal.connect.ConnectionEvents;
import io.fanfare.nats.internal.connect.Connections;
import io.fanfare.nats.internal.connect.Part;
import io.fanfare.nats.options.NatsOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to NATS and starts the parts of a node, on a thread of its own that goes on until that has succeeded. */
public final class Joining {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** How long a start waits for an attempt, which has time limits of its own, on a machine that is starved. */
    private static final Duration START = Duration.ofMinutes(1);

    private static final Duration RETRY = Duration.ofMillis(500);

    private final NatsOptions options;
    private final String node;
    private final ConnectionEvents events;
    private final List<Part> parts;

    /** Completed with whether the node has joined, when the first attempt has ended. */
    private final CompletableFuture<Boolean> first = new CompletableFuture<>();

    private volatile @Nullable Connections connections;
    private volatile boolean closed;
    private @Nullable Thread thread;

    /** Why the last attempt has failed although there were NATS servers; empty: it has not. */
    private volatile String trouble = "";

    /** Does nothing yet. */
    public Joining(NatsOptions options, String node, ConnectionEvents events, List<Part> parts) {
        this.options = options;
        this.node = node;
        this.events = events;
        this.parts = List.copyOf(parts);
    }

    /**
     * Joins, and goes on trying when that fails for want of NATS.
     *
     * @param joined called when all parts have started; with whether the first attempt had failed
     * @return whether the node has joined by now
     * @throws IllegalStateException when the other nodes refuse it, or a file can't be used
     */
    public boolean start(LocalNode local, Joined joined) {
        begin(local, joined);
        try {
            return first.get(START.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            first.complete(false);
            return first.join();
        } catch (ExecutionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException(String.valueOf(why.getMessage()), why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while joining", e);
        }
    }

    /** Why the node has not joined although there are NATS servers, as far as is known; empty: no such reason. */
    public Optional<String> trouble() {
        return trouble.isEmpty() ? Optional.empty() : Optional.of(trouble);
    }

    /** Told when a node has joined. */
    public interface Joined {

        /** All parts have started; clients may have come before, when it is late. */
        void joined(boolean isLate);
    }

    /** Joins anew, since the connections are gone for good. */
    public synchronized void again(LocalNode local, Joined joined) {
        if (!closed && connections != null) {
            closeConnections();
            begin(local, joined);
        }
    }

    private synchronized void begin(LocalNode local, Joined joined) {
        Thread starter = new Thread(() -> run(local, joined), "fanfare-nats-join");
        starter.setDaemon(true);
        thread = starter;
        starter.start();
    }

    private void run(LocalNode local, Joined joined) {
        try {
            while (!closed && !isJoined(local)) {
                first.complete(false);
                Thread.sleep(RETRY.toMillis());
            }
            if (!closed) {
                boolean isLate = !first.complete(true);
                joined.joined(isLate);
            }
        } catch (InterruptedException e) {
            LOG.debug("nats joining ended", e);
            first.complete(false);
        } catch (IOException | RuntimeException e) {
            if (!first.completeExceptionally(e)) {
                LOG.error("nats this node can't join: {}", e.getMessage());
                local.refused(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Whether an attempt has succeeded. */
    private boolean isJoined(LocalNode local) throws IOException, InterruptedException {
        Connections opened = Connections.open(options, node, events, new Connections.Attempts() {
            @Override
            public boolean goOn() {
                return !closed;
            }

            @Override
            public void failed() {
                trouble = "";
                // there is no use in waiting longer
                first.complete(false);
            }
        });
        connections = opened;
        if (closed) {
            // by a close that could not see them
            closeConnections();
            return false;
        }
        try {
            for (Part part : parts) {
                part.start(opened, local);
            }
            trouble = "";
            return true;
        } catch (IOException e) {
            failed(String.valueOf(e.getMessage()));
            closeConnections();
            return false;
        } catch (RuntimeException | InterruptedException e) {
            closeConnections();
            throw e;
        }
    }

    /** The log has one line of each reason in a row. */
    private void failed(String why) {
        if (!why.equals(trouble)) {
            LOG.warn("nats joining failed and is tried every {} ms: {}", RETRY.toMillis(), why);
        }
        trouble = why;
    }

    private void closeConnections() {
        Connections known = connections;
        if (known != null) {
            connections = null;
            known.close();
        }
    }

    /** Ends the attempts, and the connections. */
    public void close() {
        closed = true;
        Thread starter;
        synchronized (this) {
            starter = thread;
        }
        if (starter != null) {
            starter.interrupt();
        }
        closeConnections();
    }
}
