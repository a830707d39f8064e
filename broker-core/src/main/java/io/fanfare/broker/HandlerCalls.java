package io.fanfare.broker;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls of one handler: messages that wait for it, and the task of its executor that calls it for one after the other. Any
 * thread may call.
 */
final class HandlerCalls implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(HandlerCalls.class);

    /** Calls of one task; then the executor's other tasks have a turn. */
    private static final int CALLS_AT_ONCE = 64;

    /** The calls that threads in handlers wait for. */
    private static final Map<Thread, HandlerCalls> AWAITED = new ConcurrentHashMap<>();

    private record Waiting(Delivery message, int bytes) {}

    private final MessageHandler handler;
    private final Executor executor;
    private final int maxBytes;
    private final Runnable onRoom;
    private final Runnable onRejected;
    private final Queue<Waiting> waiting = new ArrayDeque<>();

    /** Of messages that wait, and of the one that is being handled. */
    private long bytes;

    /** Whether a task runs, or waits in the executor. */
    private boolean isScheduled;

    /** The thread that is in the handler; null: none is. Changed under the lock. */
    private volatile @Nullable Thread caller;

    private boolean isRoomAwaited;

    /** Whether the session is over, so that what would have to be acknowledged is others' by now. */
    private boolean isUnacknowledgeable;

    /** Run when no call is left to begin; null: nothing is. */
    private @Nullable Runnable onNoneWaits;

    private boolean stopped;

    /**
     * No calls yet.
     *
     * @param maxBytes of messages, from which on no more should come
     * @param onRoom run once by any thread after {@link #awaitRoom}, when half of that has been handled
     * @param onRejected run by any thread when the executor takes no more tasks; no calls follow
     */
    HandlerCalls(MessageHandler handler, Executor executor, int maxBytes, Runnable onRoom, Runnable onRejected) {
        this.handler = handler;
        this.executor = executor;
        this.maxBytes = maxBytes;
        this.onRoom = onRoom;
        this.onRejected = onRejected;
    }

    /** Whether more may come. */
    synchronized boolean hasRoom() {
        return bytes < maxBytes && !stopped;
    }

    /** No more has come because there was no room. */
    void awaitRoom() {
        synchronized (this) {
            isRoomAwaited = true;
        }
        tellRoom();
    }

    private void tellRoom() {
        synchronized (this) {
            if (!isRoomAwaited || stopped || bytes > maxBytes / 2) {
                return;
            }
            isRoomAwaited = false;
        }
        onRoom.run();
    }

    /** Adds a message. */
    void add(Delivery message, int messageBytes) {
        synchronized (this) {
            if (stopped || (isUnacknowledgeable && message.isToBeAcknowledged())) {
                return;
            }
            waiting.add(new Waiting(message, messageBytes));
            bytes += messageBytes;
            if (isScheduled) {
                return;
            }
            isScheduled = true;
        }
        schedule();
    }

    private void schedule() {
        try {
            executor.execute(this);
        } catch (RejectedExecutionException e) {
            LOG.warn("the executor of a handler takes no more tasks; its subscription ends");
            stop();
            onRejected.run();
        }
    }

    @Override
    public void run() {
        for (int i = 0; i < CALLS_AT_ONCE; i++) {
            Waiting next = begin();
            tellNoneWaits();
            if (next == null) {
                return;
            }
            try {
                call(next.message());
            } finally {
                end(next.bytes());
            }
        }
        schedule();
    }

    private synchronized @Nullable Waiting begin() {
        Waiting next = stopped ? null : waiting.poll();
        isScheduled = next != null;
        caller = next == null ? null : Thread.currentThread();
        return next;
    }

    private void call(Delivery message) {
        try {
            handler.handle(message);
        } catch (Exception | Error e) {
            LOG.error("bug in a handler of messages destination={}", message.destination(), e);
            message.failed();
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void end(int handledBytes) {
        synchronized (this) {
            bytes -= handledBytes;
            caller = null;
            notifyAll();
        }
        tellRoom();
    }

    /** The session is over: what has to be acknowledged has gone back, and is not handled here as well. */
    synchronized void sessionOver() {
        isUnacknowledgeable = true;
        waiting.removeIf(each -> {
            boolean gone = each.message().isToBeAcknowledged();
            bytes -= gone ? each.bytes() : 0;
            return gone;
        });
    }

    /** Runs a task, by any thread, as soon as no call is left to begin. */
    void whenNoneWaits(Runnable task) {
        synchronized (this) {
            onNoneWaits = task;
        }
        tellNoneWaits();
    }

    private void tellNoneWaits() {
        Runnable task;
        synchronized (this) {
            if (onNoneWaits == null || !waiting.isEmpty()) {
                return;
            }
            task = onNoneWaits;
            onNoneWaits = null;
        }
        task.run();
    }

    /** Calls the handler no more: what waits for it is let go of. */
    synchronized void stop() {
        stopped = true;
        waiting.clear();
    }

    /**
     * Waits for the end of the call that is under way, unless it is the calling thread's own, or waits itself for one of that
     * thread's. An interrupt ends the waiting.
     *
     * @return false when the call goes on
     */
    boolean awaitEnd() {
        Thread current = Thread.currentThread();
        HandlerCalls before = AWAITED.put(current, this);
        try {
            // known to others first: of two that begin to wait for each other, one sees it at least
            return !waitsFor(current) && awaitNone(current);
        } finally {
            if (before == null) {
                AWAITED.remove(current);
            } else {
                AWAITED.put(current, before);
            }
        }
    }

    /** Whether the call that is under way waits for one of a thread's, by way of others maybe. */
    private boolean waitsFor(Thread thread) {
        HandlerCalls next = this;
        for (int i = AWAITED.size(); i >= 0 && next != null; i--) {
            Thread inside = next.caller;
            if (inside == null) {
                return false;
            }
            if (inside == thread) {
                return true;
            }
            next = AWAITED.get(inside);
        }
        return false;
    }

    private synchronized boolean awaitNone(Thread current) {
        try {
            while (caller != null && caller != current) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return caller == null;
    }
}
