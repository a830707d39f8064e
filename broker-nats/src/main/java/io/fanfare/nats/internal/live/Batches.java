package io.fanfare.nats.internal.live;

import io.nats.client.Connection;
import io.nats.client.Message;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes batches of records, numbers and publishes them. While the connection has no server it holds the last ones; older ones are
 * let go, and the others notice that by the numbers. Used by the publishing thread.
 */
final class Batches {

    private static final Logger LOG = LoggerFactory.getLogger("io.fanfare.nats");

    /** Held while there is no server: about what a second of much traffic has, and little of a heap. */
    static final int MAX_HELD_BYTES = 8 << 20;

    private static final long DEFAULT_MAX_PAYLOAD = 1 << 20;

    private final String subject;
    private final long life;
    private final ArrayDeque<byte[]> held = new ArrayDeque<>();
    private int heldBytes;
    private boolean hasLetGo;
    private ByteBuffer batch = ByteBuffer.allocate(Outgoing.BATCH_BYTES);
    private long number;
    private long requests;
    private volatile @Nullable Connection connection;

    Batches(String subject, long life) {
        this.subject = subject;
        this.life = life;
        batch.position(Envelope.BYTES);
    }

    void connected(Connection first) {
        connection = first;
    }

    /** Whether a record may be added; a batch with nothing in it takes any. */
    boolean hasRoomFor(ByteBuffer record) {
        int end = batch.position();
        return end == Envelope.BYTES || end + record.remaining() <= Math.min(Outgoing.BATCH_BYTES, maxPayload());
    }

    /** The most that one NATS message may have; what servers have unless they are told otherwise, while none is known. */
    long maxPayload() {
        Connection known = connection;
        long max = known == null ? 0 : known.getMaxPayload();
        return max > 0 ? max : DEFAULT_MAX_PAYLOAD;
    }

    /** Adds a record. */
    void add(ByteBuffer record) {
        if (record.remaining() > batch.remaining()) {
            batch = ByteBuffer.allocate(batch.position() + record.remaining()).put(batch.flip());
        }
        batch.put(record);
    }

    /** Publishes the batch, if there is anything in it, or holds it; the bytes of its records. */
    long send() {
        int end = batch.position();
        if (end == Envelope.BYTES) {
            return 0;
        }
        batch.position(0);
        new Envelope(life, ++number, false).write(batch);
        byte[] bytes = Arrays.copyOf(batch.array(), end);
        if (batch.capacity() > Outgoing.BATCH_BYTES) {
            batch = ByteBuffer.allocate(Outgoing.BATCH_BYTES);
        }
        batch.position(Envelope.BYTES);
        sendHeld();
        if (!held.isEmpty() || !publish(bytes)) {
            hold(bytes);
        }
        return (long) end - Envelope.BYTES;
    }

    private void hold(byte[] bytes) {
        held.add(bytes);
        heldBytes += bytes.length;
        while (heldBytes > MAX_HELD_BYTES) {
            heldBytes -= held.remove().length;
            if (!hasLetGo) {
                hasLetGo = true;
                LOG.warn(
                        "nats live messages are let go, more than {} B wait for a server; other nodes will notice the gap",
                        MAX_HELD_BYTES);
            }
        }
    }

    /** Publishes what was held, as soon as there is a server again. */
    void sendHeld() {
        while (!held.isEmpty() && publish(held.element())) {
            heldBytes -= held.remove().length;
        }
        hasLetGo &= !held.isEmpty();
    }

    /** Tells the number of the last batch. */
    void mark() {
        sendHeld();
        if (held.isEmpty()) {
            publish(new Envelope(life, number, true).bytes());
        }
    }

    private boolean publish(byte[] bytes) {
        // a server that takes nothing for a while is waited for, until it is given up
        for (Connection to = usable(); to != null; to = usable()) {
            try {
                to.publish(subject, bytes);
                return true;
            } catch (IllegalStateException e) {
                LOG.debug("nats publish", e);
            } catch (RuntimeException e) {
                // not again and again: the others notice the gap
                LOG.error("nats live messages are lost bytes={}", bytes.length, e);
                return true;
            }
        }
        return false;
    }

    /** Publishes a request behind what came before, with a number of its own kind. */
    void request(String to, byte[] record, CompletableFuture<Message> answer) {
        Connection through = usable();
        if (through == null) {
            answer.completeExceptionally(new IllegalStateException("no NATS server"));
            return;
        }
        try {
            ByteBuffer numbered = ByteBuffer.allocate(Envelope.BYTES + record.length);
            new Envelope(life, ++requests, false).write(numbered);
            through.request(to, numbered.put(record).array()).whenComplete((message, failure) -> {
                if (failure == null) {
                    answer.complete(message);
                } else {
                    answer.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    /** The connection, while it has a server; any thread may ask. */
    @Nullable
    Connection usable() {
        Connection known = connection;
        return known != null && known.getStatus() == Connection.Status.CONNECTED ? known : null;
    }
}
