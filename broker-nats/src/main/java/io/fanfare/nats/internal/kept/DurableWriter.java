package io.fanfare.nats.internal.kept;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Outcome;
import io.nats.client.Connection;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings records of durable subscriptions into their stream, those of one key in their order. A stage is complete when this node
 * has read the record, and so all that came before it. Any thread may call; nothing blocks.
 */
final class DurableWriter {

    private static final Outcome CURRENT = new Outcome(1, 0, 0, 0);

    /** The record is of a claim that is none any more. */
    private static final Outcome STALE = new Outcome(0, 0, 0, 1);

    private final String idPrefix;
    private final AtomicLong ids = new AtomicLong();
    private final KeptAppends appends;
    private volatile @Nullable DurableStream stream;

    /**
     * Has no stream yet.
     *
     * @param idPrefix what its ids begin with, and those of no other node, or of this one's earlier lives
     * @param timeout after which a record is given up
     * @param onMissing as that of {@link KeptAppends}
     */
    DurableWriter(String idPrefix, Duration timeout, Runnable onMissing) {
        this.idPrefix = idPrefix;
        this.appends = new KeptAppends(timeout, onMissing);
    }

    String nextId() {
        return idPrefix + ids.incrementAndGet();
    }

    void connect(DurableStream to, Connection connection) throws IOException {
        stream = to;
        appends.connect(connection);
    }

    /** As {@link KeptAppends#tick}. */
    void tick() {
        appends.tick();
    }

    /** As {@link KeptAppends#sendAgain}. */
    void sendAgain() {
        appends.sendAgain();
    }

    void close() {
        appends.close();
    }

    /** As {@link #write(String, DurableRecord)}, with an id of its own. */
    CompletionStage<Void> write(DurableRecord record) {
        return write(nextId(), record);
    }

    /** Writes a record; fails with a {@link ProtocolException} when nothing keeps it, or its claim is none any more. */
    CompletionStage<Void> write(String id, DurableRecord record) {
        DurableStream to = stream;
        if (to == null) {
            return CompletableFuture.failedFuture(unavailable("this node has not joined the others yet"));
        }
        KeptAppend append =
                new KeptAppend(record.key(), id, to.name(), to.subject(record), record.bytes(), appends.deadline());
        return appends.add(append).handle((outcome, why) -> {
            if (why != null) {
                throw why instanceof ProtocolException refused
                        ? unavailable(refused.detail())
                        : unavailable(why.toString());
            }
            if (outcome.equals(STALE)) {
                throw DurableHold.taken();
            }
            if (!outcome.equals(CURRENT)) {
                throw unavailable("NATS has not sent back what this node has written");
            }
            return null;
        });
    }

    private static ProtocolException unavailable(String why) {
        return new ProtocolException("durable subscription unavailable", why + "; try again", CloseCode.OVERLOAD);
    }

    /** A record has been read. */
    void read(String id, boolean isCurrent) {
        appends.published(id, isCurrent ? CURRENT : STALE);
    }

    /** What is read of the stream, but for the records themselves. */
    KeptAppends appends() {
        return appends;
    }
}
