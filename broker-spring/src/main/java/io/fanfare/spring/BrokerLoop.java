package io.fanfare.spring;

import io.fanfare.loop.EventLoop;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An event loop on a thread of its own, which can be started again after it was stopped. */
final class BrokerLoop extends EventLoop {

    /** How long {@link #stop} waits for the thread, which has nothing to do that blocks. */
    private static final long END_MILLIS = TimeUnit.SECONDS.toMillis(10);

    private static final int COPY_BYTES = 64 << 10;

    private final String name;
    private volatile @Nullable Thread thread;
    private volatile boolean stopping;

    /** What connections copy a write into, to decode it. */
    private ByteBuffer copy = ByteBuffer.allocate(COPY_BYTES);

    BrokerLoop(String name) {
        this.name = name;
    }

    /** Starts the thread; called while there is none. */
    void start() {
        stopping = false;
        Thread started = new Thread(this::run, name);
        // the application decides how long the JVM lives
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    private void run() {
        while (!stopping) {
            turn();
            if (!hasWork() && !stopping) {
                LockSupport.parkNanos(this, nanosToNextTimer());
            }
        }
        // what was handed over before the stop
        turn();
    }

    /** Does what was handed over before, and ends the thread; returns when it has ended. */
    void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        execute(() -> stopping = true);
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS);
        while (running.isAlive() && System.nanoTime() < deadline) {
            try {
                running.join(END_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        thread = null;
        ended();
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public boolean hasEnded() {
        return thread == null;
    }

    @Override
    protected void wakeUp() {
        LockSupport.unpark(thread);
    }

    /** The same bytes in an array, until the next call; called on the loop. */
    ByteBuffer copyOf(ByteBuffer bytes) {
        assert isCurrent();
        if (copy.capacity() < bytes.remaining()) {
            copy = ByteBuffer.allocate(bytes.remaining());
        }
        return copy.clear().put(bytes).flip();
    }

    /** For logs. */
    @Override
    public String toString() {
        return name;
    }
}
