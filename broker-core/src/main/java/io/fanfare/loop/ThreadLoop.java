package io.fanfare.loop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** An event loop with a thread of its own, which sleeps while there is nothing to do; for connections without a selector. */
public final class ThreadLoop extends EventLoop implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final Thread thread;
    private volatile boolean stopped;

    /**
     * A loop that runs from now on, until {@link #close}.
     *
     * @param name of its thread, a daemon
     */
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
                roundBegins();
            }
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public boolean hasEnded() {
        return stopped;
    }

    @Override
    protected void wakeUp() {
        LockSupport.unpark(thread);
    }

    /** Ends the thread behind the turn that it is in, and waits for its end; what its connections have not done by then never is. */
    @Override
    public void close() throws InterruptedException {
        stopped = true;
        wakeUp();
        thread.join(STOP_TIMEOUT.toMillis());
        ended();
    }

    /** For logs. */
    @Override
    public String toString() {
        return thread.getName();
    }
}
