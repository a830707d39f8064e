package io.fanfare.nats.internal.live;

import io.fanfare.nats.internal.connect.Subjects;
import io.nats.client.Connection;
import io.nats.client.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes what loops have for other nodes, which costs them a queue's offer, and publishes what has gathered, from one thread of
 * its own: records in batches, requests one by one, all in the order in which they came.
 */
final class Outgoing {

    /** Of one NATS message; a larger record has one of its own. */
    static final int BATCH_BYTES = 64 << 10;

    /** How long there is nothing to send until others are told that the last batch was the last. */
    private static final long PAUSE = Duration.ofMillis(100).toNanos();

    /** How often they are told again. */
    private static final long MARK_INTERVAL = Duration.ofSeconds(1).toNanos();

    /** Records of a batch from which on more is likely to come at once. */
    private static final int MANY = 16;

    /** What the thread does in the order of the queue. */
    private sealed interface Item {}

    private record Record(ByteBuffer bytes) implements Item {}

    /** Completed with whether what came before is at the NATS server. */
    private record Flushing(CompletableFuture<Boolean> done) implements Item {}

    private record Request(String subject, byte[] bytes, CompletableFuture<Message> answer) implements Item {}

    private record Mark() implements Item {}

    private final Queue<Item> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final Batches batches;
    private final Flusher flusher;
    private final Thread thread;
    private final List<CompletableFuture<Boolean>> waiters = new ArrayList<>();

    /** Set while the thread waits for something to come. */
    private volatile boolean isIdle;

    private volatile boolean closed;

    /** When a mark is due; the thread's alone. */
    private long markDue;

    /** Of the batch that is being made; the thread's alone. */
    private int records;

    /** Whether the last batch had many; the thread's alone. */
    private boolean isBusy;

    Outgoing(Subjects subjects, long life) {
        this.batches = new Batches(subjects.live(), life);
        this.flusher = new Flusher();
        this.thread = new Thread(this::run, "fanfare-nats-publisher");
        thread.setDaemon(true);
        markDue = System.nanoTime();
    }

    /** Begins with a connection that stays the same when its server changes. */
    void start(Connection connection) {
        batches.connected(connection);
        wake();
    }

    /** Begins to take, before there is a connection. */
    void begin() {
        flusher.start();
        thread.start();
    }

    /** Takes a record for all other nodes. */
    void forward(ByteBuffer record) {
        bytes.addAndGet(record.remaining());
        offer(new Record(record));
    }

    /** Completed with whether all that the calling thread has given before is at the NATS server; false: there is none. */
    CompletableFuture<Boolean> flushed() {
        if (closed) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        offer(new Flushing(done));
        return done;
    }

    /** Asks the one node that listens at a subject; completed with its answer, or not at all. */
    CompletableFuture<Message> request(String subject, byte[] request) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        bytes.addAndGet(request.length);
        offer(new Request(subject, request, answer));
        return answer;
    }

    /** Tells others soon which batch was the last. */
    void mark() {
        offer(new Mark());
    }

    /** The connection has changed its state. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Bytes of what waits to be published. */
    long bytes() {
        return bytes.get();
    }

    private void offer(Item item) {
        queue.add(item);
        if (isIdle) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        boolean hasYielded = false;
        while (true) {
            Item item = queue.poll();
            if (item != null) {
                handle(item);
                hasYielded = false;
            } else if (isBusy && !hasYielded) {
                // a loop that waits for this processor has more, and larger batches cost all nodes less; a message
                // alone goes at once
                Thread.yield();
                hasYielded = true;
            } else {
                endBatch();
                batches.sendHeld();
                if (closed && queue.isEmpty()) {
                    return;
                }
                pause();
            }
        }
    }

    private void handle(Item item) {
        if (item instanceof Record record) {
            if (!batches.hasRoomFor(record.bytes())) {
                endBatch();
            }
            batches.add(record.bytes());
            records++;
        } else if (item instanceof Flushing flushing) {
            waiters.add(flushing.done());
        } else if (item instanceof Request request) {
            endBatch();
            batches.request(request.subject(), request.bytes(), request.answer());
            bytes.addAndGet(-request.bytes().length);
        } else {
            endBatch();
            batches.mark();
        }
    }

    private void endBatch() {
        long sent = batches.send();
        if (sent > 0) {
            bytes.addAndGet(-sent);
            markDue = System.nanoTime() + PAUSE;
            isBusy = records >= MANY;
            records = 0;
        }
        if (!waiters.isEmpty()) {
            flusher.flush(batches.usable(), List.copyOf(waiters));
            waiters.clear();
        }
    }

    private void pause() {
        long now = System.nanoTime();
        if (now - markDue >= 0) {
            batches.mark();
            markDue = now + MARK_INTERVAL;
        }
        isIdle = true;
        if (queue.isEmpty() && !closed) {
            LockSupport.parkNanos(this, markDue - now);
        }
        isIdle = false;
    }

    /** Publishes what has come before, and ends. */
    void close(Duration atMost) {
        closed = true;
        wake();
        try {
            thread.join(atMost.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        flusher.close();
    }

    /** The most bytes that a record may have. */
    long maxRecordBytes() {
        return batches.maxPayload() - Envelope.BYTES;
    }
}
