package io.fanfare.loop;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An event loop with a thread of its own, which sleeps while there is nothing to do; for connections without a selector.
 * When the thread has ended, another loop of the broker takes its turns: what lives here and belongs to no connection, such
 * as the durable subscription of a client that is away, goes on there, with nothing lost between.
 */
public class ThreadLoop extends EventLoop implements AutoCloseable {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    /** When to look again for the end of a thread that takes longer than that. */
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private final String name;

    /** Thread of this loop; null before the start. */
    private volatile @Nullable Thread own;

    private volatile boolean stopping = true;

    /** The loop that takes its turns; null: none does, or it takes them itself. */
    private volatile @Nullable EventLoop host;

    /** The host's thread, during such a turn. */
    private volatile @Nullable Thread guest;

    /** Of the next turn that the host takes for its timers; the host's own. */
    private @Nullable Timer nextTurn;

    /**
     * A loop that runs from now on, until {@link #close}.
     *
     * @param name of its thread, a daemon
     * @return the loop
     */
    public static ThreadLoop started(String name) {
        ThreadLoop loop = new ThreadLoop(name);
        loop.start();
        return loop;
    }

    /**
     * A loop that has yet to be started.
     *
     * @param name of its thread, a daemon
     */
    protected ThreadLoop(String name) {
        this.name = name;
    }

    /** Starts the thread, also after a {@link #close}; nothing happens while there is one. */
    public final synchronized void start() {
        if (hasThread()) {
            return;
        }
        host = null;
        stopping = false;
        Thread started = new Thread(this::run, name);
        // the program decides how long the JVM lives
        started.setDaemon(true);
        own = started;
        started.start();
    }

    private boolean hasThread() {
        Thread thread = own;
        return thread != null && thread.isAlive();
    }

    private void run() {
        while (!stopping) {
            turn();
            if (!hasWork() && !stopping) {
                LockSupport.parkNanos(this, nanosToNextTimer());
                roundBegins();
            }
        }
        // what was handed over before the end
        turn();
    }

    @Override
    public final boolean isCurrent() {
        Thread current = Thread.currentThread();
        return current == own || current == guest;
    }

    @Override
    public final boolean hasEnded() {
        EventLoop other = host;
        return stopping && (other == null || other.hasEnded());
    }

    @Override
    protected final void wakeUp() {
        EventLoop other = host;
        if (other != null) {
            other.execute(() -> turnAt(other));
        } else {
            LockSupport.unpark(own);
        }
    }

    /**
     * Ends the thread behind what was handed over before, and waits for its end, at most 30 s. Nothing happens when it has
     * ended.
     *
     * @throws InterruptedException while it waited; the thread ends all the same
     */
    @Override
    public final void close() throws InterruptedException {
        Thread running = own;
        if (running == null) {
            return;
        }
        stopping = true;
        LockSupport.unpark(running);
        try {
            running.join(STOP_TIMEOUT.toMillis());
        } finally {
            ended();
        }
    }

    // ---- turns on another loop's thread ---------------------------------------------------------------------------

    @Override
    protected final synchronized void goOnWith(EventLoop other) {
        // it may have been started again meanwhile, or have a host already
        if (hasEnded()) {
            host = other;
            nextTurn = null;
            turnAt(other);
        }
    }

    private synchronized void turnAt(EventLoop other) {
        if (host != other) {
            return;
        }
        if (hasThread()) {
            other.schedule(RETRY_INTERVAL, () -> turnAt(other));
            return;
        }
        guest = Thread.currentThread();
        try {
            roundBegins();
            turn();
            goOnSoon(other);
        } finally {
            guest = null;
        }
    }

    private void goOnSoon(EventLoop other) {
        if (hasWork()) {
            other.execute(() -> turnAt(other));
            return;
        }
        if (nextTurn != null) {
            nextTurn.cancel();
        }
        long nanos = nanosToNextTimer();
        nextTurn = nanos < IDLE_NANOS ? other.schedule(Duration.ofNanos(nanos), () -> turnAt(other)) : null;
    }

    /** For logs. */
    @Override
    public final String toString() {
        return name;
    }
}
