package io.fanfare.server.internal.http;

import io.fanfare.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Checks whether an event loop runs, by a task that it has to execute. Any thread may use it. */
final class LoopProbe {

    private final EventLoop loop;
    private CountDownLatch pending = new CountDownLatch(0);
    private long sentAt;

    LoopProbe(EventLoop loop) {
        this.loop = loop;
    }

    /** Hands the loop a task, unless one is pending: a loop that hangs does not get more and more of them. */
    synchronized void send() {
        if (pending.getCount() == 0) {
            CountDownLatch sent = new CountDownLatch(1);
            pending = sent;
            sentAt = System.nanoTime();
            loop.execute(sent::countDown);
        }
    }

    /** Waits until the task has run, at most this long from when it was sent; false when it has not. */
    boolean isAnsweredWithin(Duration timeout) {
        CountDownLatch awaited;
        long left;
        synchronized (this) {
            awaited = pending;
            left = sentAt + timeout.toNanos() - System.nanoTime();
        }
        try {
            return awaited.await(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
