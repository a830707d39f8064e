package io.fanfare.server.internal.http;

import io.fanfare.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A task that a loop is given to see whether it turns. Any thread may use it. */
final class Pulse {

    private final EventLoop loop;
    private CountDownLatch underWay = new CountDownLatch(0);
    private long sentAt;

    Pulse(EventLoop loop) {
        this.loop = loop;
    }

    /** Sends it unless it is under way: a loop that hangs is not given more and more of them. */
    synchronized void send() {
        if (underWay.getCount() == 0) {
            CountDownLatch sent = new CountDownLatch(1);
            underWay = sent;
            sentAt = System.nanoTime();
            loop.execute(sent::countDown);
        }
    }

    /** Waits until it is back, at most so long from when it was sent; false when that is not enough. */
    boolean comesBackWithin(Duration time) {
        CountDownLatch awaited;
        long left;
        synchronized (this) {
            awaited = underWay;
            left = sentAt + time.toNanos() - System.nanoTime();
        }
        try {
            return awaited.await(left, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
