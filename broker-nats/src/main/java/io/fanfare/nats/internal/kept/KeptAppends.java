package io.fanfare.nats.internal.kept;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Outcome;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Brings messages into streams, those of one publisher one after the other: where several are on their way, one that is sent
 * again would come behind those that followed it. Any thread may call; nothing blocks.
 */
final class KeptAppends {

    /** Publishers whose messages are on their way at a time; those of others wait. */
    private static final int MAX_UNDER_WAY = 256;

    private static final Duration RETRY = Duration.ofMillis(100);

    private final Duration timeout;
    private final Runnable onMissing;

    /** The messages of each publisher, in their order; the first one may be on its way. */
    private final Map<Object, ArrayDeque<KeptAppend>> lanes = new HashMap<>();

    /** Publishers whose first message is to be sent. */
    private final Set<Object> ready = new LinkedHashSet<>();

    /** What is on its way, by id: of each lane the first. */
    private final Map<String, KeptAppend> underWay = new LinkedHashMap<>();

    /** What the streams have and this node has not published yet. */
    private final Echoes kept = new Echoes();

    private long bytes;
    private @Nullable Connection connection;
    private @Nullable JetStream streams;
    private boolean closed;

    /**
     * None yet.
     *
     * @param timeout after which a message is refused that has not been kept
     * @param onMissing has streams looked at soon, which calls {@link #refuseMissing}: what a stream has confirmed has not come back
     *     in its place, unless it is another stream by now
     */
    KeptAppends(Duration timeout, Runnable onMissing) {
        this.timeout = timeout;
        this.onMissing = onMissing;
    }

    /** Sends by this connection from now on. */
    void connect(Connection newConnection) throws IOException {
        JetStream newStreams = newConnection.jetStream();
        synchronized (this) {
            connection = newConnection;
            streams = newStreams;
        }
        tick();
    }

    /** Octets of messages that no stream has yet. */
    synchronized long bytes() {
        return bytes;
    }

    /** The time by which an append that comes now must be done. */
    long deadline() {
        return System.nanoTime() + timeout.toNanos();
    }

    /** Appends a message behind those of its publisher. */
    CompletableFuture<Outcome> add(KeptAppend append) {
        synchronized (this) {
            if (closed) {
                append.outcome.completeExceptionally(KeptRefusals.unavailable(timeout));
                return append.outcome;
            }
            ArrayDeque<KeptAppend> lane = lanes.computeIfAbsent(append.lane, any -> new ArrayDeque<>(2));
            lane.add(append);
            bytes += append.bytes;
            if (lane.size() == 1) {
                ready.add(append.lane);
            }
        }
        sendReady();
        return append.outcome;
    }

    /** A message has come back from its stream and was published here; ids of other nodes are nothing to this one. */
    void published(String id, Outcome outcome) {
        KeptAppend done;
        synchronized (this) {
            done = underWay.get(id);
            if (done != null) {
                leave(done);
            } else {
                done = kept.comesBack(id);
            }
        }
        if (done != null) {
            done.outcome.complete(outcome);
            sendReady();
        }
    }

    /** All of a stream up to this place has been read, and {@link #published} told of what is awaited. */
    void read(String stream, long sequence) {
        boolean isMissing;
        synchronized (this) {
            isMissing = kept.read(stream, sequence);
        }
        look(isMissing);
    }

    /** As {@link Echoes#begins}. */
    void begins(String stream, long before, long end) {
        boolean isMissing;
        synchronized (this) {
            isMissing = kept.begins(stream, before, end);
        }
        look(isMissing);
    }

    private void look(boolean isMissing) {
        if (isMissing) {
            onMissing.run();
        }
    }

    /**
     * Refuses what a stream has confirmed and not sent back: it is the stream that was read, and so their places mean the same.
     *
     * @return the last of their places; 0: there are none
     */
    long refuseMissing(String stream) {
        List<KeptAppend> missing;
        synchronized (this) {
            missing = kept.takeMissing(stream);
        }
        missing.forEach(each -> each.outcome.completeExceptionally(KeptRefusals.missing()));
        return missing.stream().mapToLong(each -> each.sequence).max().orElse(0);
    }

    // ---- sending ----------------------------------------------------------------------------------------------------

    private void sendReady() {
        while (true) {
            KeptAppend next;
            JetStream to;
            synchronized (this) {
                to = streams;
                next = to == null || !isConnected() ? null : takeReady();
            }
            if (next == null || to == null) {
                return;
            }
            send(next, to);
        }
    }

    private boolean isConnected() {
        return connection != null && connection.getStatus() == Connection.Status.CONNECTED;
    }

    private @Nullable KeptAppend takeReady() {
        if (ready.isEmpty() || underWay.size() >= MAX_UNDER_WAY) {
            return null;
        }
        Object lane = ready.iterator().next();
        ready.remove(lane);
        KeptAppend first = lanes.getOrDefault(lane, new ArrayDeque<>()).peek();
        if (first != null) {
            underWay.put(first.id, first);
            attempt(first);
        }
        return first;
    }

    private static void attempt(KeptAppend append) {
        append.attempts++;
        append.retryAt = System.nanoTime() + append.patience().toNanos();
    }

    private void send(KeptAppend append, JetStream to) {
        Message message;
        synchronized (this) {
            message = append.message();
        }
        if (message == null) {
            // an earlier attempt has been answered meanwhile
            return;
        }
        try {
            to.publishAsync(message).whenComplete((ack, why) -> answered(append, ack, why));
        } catch (RuntimeException e) {
            // the connection is closing, or keeps as much as it may while it has no server
            failed(append, e);
        }
    }

    private void answered(KeptAppend append, @Nullable PublishAck ack, @Nullable Throwable why) {
        if (ack == null || why != null) {
            failed(append, why);
            return;
        }
        boolean isMissing = false;
        synchronized (this) {
            if (underWay.get(append.id) == append) {
                leave(append);
                isMissing = kept.kept(append, ack.getSeqno());
            }
        }
        look(isMissing);
        sendReady();
    }

    /** The first of its lane is done, in one way or the other. */
    private void leave(KeptAppend append) {
        underWay.remove(append.id);
        bytes -= append.bytes;
        ArrayDeque<KeptAppend> lane = lanes.get(append.lane);
        if (lane != null) {
            lane.remove(append);
            if (lane.isEmpty()) {
                lanes.remove(append.lane);
            } else {
                ready.add(append.lane);
            }
        }
    }

    private void failed(KeptAppend append, @Nullable Throwable why) {
        ProtocolException refusal = KeptRefusals.of(why);
        if (refusal != null) {
            boolean isFirst;
            synchronized (this) {
                isFirst = underWay.get(append.id) == append;
                if (isFirst) {
                    leave(append);
                }
            }
            if (isFirst) {
                append.outcome.completeExceptionally(refusal);
                sendReady();
            }
            return;
        }
        synchronized (this) {
            append.retryAt = Math.min(append.retryAt, System.nanoTime() + RETRY.toNanos());
        }
    }

    // ---- time -------------------------------------------------------------------------------------------------------

    /** Sends again what has got no answer, and refuses what has waited too long; to be called a few times each second. */
    void tick() {
        long now = System.nanoTime();
        List<KeptAppend> again = new ArrayList<>();
        List<KeptAppend> late = new ArrayList<>();
        List<KeptAppend> unseen;
        JetStream to;
        synchronized (this) {
            to = isConnected() ? streams : null;
            for (ArrayDeque<KeptAppend> lane : lanes.values()) {
                if (lane.element().deadline - now <= 0) {
                    // those behind it with it: none may come in front of one that was refused
                    late.addAll(lane);
                }
            }
            late.forEach(each -> {
                leave(each);
                ready.remove(each.lane);
            });
            for (KeptAppend each : underWay.values()) {
                if (to != null && each.retryAt - now <= 0) {
                    attempt(each);
                    again.add(each);
                }
            }
            unseen = kept.takeLate(now);
        }
        ProtocolException why = KeptRefusals.unavailable(timeout);
        late.forEach(each -> each.outcome.completeExceptionally(why));
        // the stream has them, though this node gets nothing of it just now
        unseen.forEach(each -> each.outcome.complete(Outcome.NOTHING));
        if (to != null) {
            for (KeptAppend each : again) {
                send(each, to);
            }
        }
        sendReady();
    }

    /** Sends at once what has got no answer: to another server, which may not have heard of it, and is not slow yet. */
    void sendAgain() {
        synchronized (this) {
            underWay.values().forEach(each -> {
                each.attempts = 0;
                each.retryAt = System.nanoTime();
            });
        }
        tick();
    }

    /** Refuses what is left. */
    void close() {
        List<KeptAppend> left = new ArrayList<>();
        List<KeptAppend> unseen;
        synchronized (this) {
            closed = true;
            lanes.values().forEach(left::addAll);
            unseen = kept.takeAll();
            lanes.clear();
            ready.clear();
            underWay.clear();
            bytes = 0;
        }
        ProtocolException why = KeptRefusals.unavailable(timeout);
        left.forEach(each -> each.outcome.completeExceptionally(why));
        unseen.forEach(each -> each.outcome.complete(Outcome.NOTHING));
    }
}
