package io.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.frame.Utf8;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The queue of frames on their way to the broker. A java.net.http.WebSocket takes one message at a time; the next one is
 * sent when that is written, on the thread that completes it. Safe for use by several threads.
 */
final class SendQueue {

    /** How many octets may wait; beyond that, {@link #put} waits for room. */
    static final int MAX_PENDING_BYTES = 8 << 20;

    /** How long {@link #put} waits for room. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Consumer<Throwable> onFailure;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();

    // guarded by the lock
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>();
    private int pendingBytes;
    private boolean sending = true;
    private @Nullable StompException closed;
    private @Nullable WebSocket webSocket;

    /** How often {@link #advance} was called since its loop began; keeps writes that end at once from recursing. */
    private final AtomicInteger turns = new AtomicInteger();

    /**
     * A queue that keeps its frames until it is opened.
     *
     * @param onFailure called once, when a message could not be written
     */
    SendQueue(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    /** Begins to send. */
    void open(WebSocket opened) {
        lock.lock();
        try {
            webSocket = opened;
        } finally {
            lock.unlock();
        }
        advance();
    }

    /**
     * Appends a frame, once there is room for it.
     *
     * @throws StompException when the queue is closed, when there was no room in 30 s, or when this thread is
     *     interrupted; the frame is not sent then
     */
    void put(byte[] frame) {
        lock.lock();
        try {
            awaitRoom(frame.length);
            append(frame);
        } finally {
            lock.unlock();
        }
        startUnlessSending();
    }

    /** Appends a frame without waiting for room; does nothing when the queue is closed. */
    void putUrgent(byte[] frame) {
        lock.lock();
        try {
            if (closed != null) {
                return;
            }
            append(frame);
        } finally {
            lock.unlock();
        }
        startUnlessSending();
    }

    /** Whether every frame has been written. */
    boolean isIdle() {
        lock.lock();
        try {
            return pendingBytes == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Drops the frames that have not been sent; threads that wait for room get this reason. */
    void close(StompException reason) {
        lock.lock();
        try {
            closed = reason;
            frames.clear();
            pendingBytes = 0;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void awaitRoom(int bytes) {
        long left = PATIENCE.toNanos();
        try {
            // an empty queue takes a frame of any size
            while (closed == null && pendingBytes > 0 && pendingBytes + (long) bytes > MAX_PENDING_BYTES) {
                if (left <= 0) {
                    throw new StompException(String.format(
                            "%,d B wait to be sent and the broker took too few of them in %d s; this frame is not sent",
                            pendingBytes, PATIENCE.toSeconds()));
                }
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StompException("interrupted while waiting for room to send; this frame is not sent", e);
        }
        if (closed != null) {
            throw closed;
        }
    }

    private void append(byte[] frame) {
        frames.add(frame);
        pendingBytes += frame.length;
    }

    private void startUnlessSending() {
        lock.lock();
        try {
            if (sending) {
                return;
            }
            sending = true;
        } finally {
            lock.unlock();
        }
        advance();
    }

    /** Sends the next frame; called when none is being sent. */
    private void advance() {
        if (turns.getAndIncrement() > 0) {
            return;
        }
        do {
            sendNext();
        } while (turns.decrementAndGet() > 0);
    }

    private void sendNext() {
        byte[] frame;
        WebSocket to;
        lock.lock();
        try {
            to = webSocket;
            frame = frames.poll();
            if (to == null || frame == null) {
                sending = false;
                return;
            }
        } finally {
            lock.unlock();
        }
        start(to, frame).whenComplete((done, failure) -> {
            if (failure == null) {
                written(frame.length);
                advance();
            } else {
                onFailure.accept(failure);
            }
        });
    }

    private static CompletionStage<?> start(WebSocket to, byte[] frame) {
        // RFC 6455 5.6: a text message is UTF-8
        return Utf8.isValid(frame)
                ? to.sendText(new String(frame, UTF_8), true)
                : to.sendBinary(ByteBuffer.wrap(frame), true);
    }

    private void written(int bytes) {
        lock.lock();
        try {
            if (closed == null) {
                pendingBytes -= bytes;
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
