package io.fanfare.endpoint;

import io.fanfare.loop.ThreadLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of one endpoint: its loops, and a few for what may block in a container. Any thread may call. */
final class EndpointThreads {

    private static final String PREFIX = "fanfare-endpoint-";

    /** More clients at once that do not take a Close or Ping make others wait for theirs. */
    private static final int BLOCKING_THREADS = 8;

    private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);

    private final List<ThreadLoop> loops = new ArrayList<>();
    private final AtomicInteger nextLoop = new AtomicInteger();
    private final ThreadPoolExecutor blocking;

    EndpointThreads(int loopCount) {
        for (int i = 1; i <= loopCount; i++) {
            loops.add(ThreadLoop.started(PREFIX + i));
        }
        AtomicInteger number = new AtomicInteger();
        blocking = new ThreadPoolExecutor(
                BLOCKING_THREADS,
                BLOCKING_THREADS,
                KEEP_ALIVE.toMillis(),
                TimeUnit.MILLISECONDS,
                // each connection has one Ping, one Close and one cut here at most
                new LinkedBlockingQueue<>(),
                task -> {
                    Thread thread = new Thread(task, PREFIX + "closing-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        blocking.allowCoreThreadTimeOut(true);
    }

    /** The loop of the next connection, one after the other. */
    ThreadLoop nextLoop() {
        return loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
    }

    /** Runs what may block, soon. */
    Executor blocking() {
        return blocking;
    }

    /**
     * Ends all threads, those that block at the latest when their container lets them go.
     *
     * @throws InterruptedException while it waited for them; they end all the same
     */
    void close(Duration atMost) throws InterruptedException {
        for (ThreadLoop loop : loops) {
            loop.close();
        }
        blocking.shutdown();
        if (!blocking.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            blocking.shutdownNow();
        }
    }
}
