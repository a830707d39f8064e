package io.fanfare.testing;

import io.fanfare.loop.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A loop with a thread of its own, which sleeps when there is nothing to do. */
public final class ThreadLoop extends EventLoop implements AutoCloseable {

    private final Thread thread;
    private volatile boolean stopped;

    public ThreadLoop(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!stopped) {
            turn();
            if (!hasWork() && !stopped) {
                LockSupport.parkNanos(nanosToNextTimer());
            }
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    protected void wakeUp() {
        LockSupport.unpark(thread);
    }

    /** Waits until everything that was handed to the loop so far has been done. */
    public void awaitAllDone() throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        execute(() -> done.complete(null));
        done.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        LockSupport.unpark(thread);
        thread.join(30_000);
    }
}
