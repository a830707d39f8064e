package io.fanfare.server.internal.net;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates the threads of one executor and can wait for their end: an executor terminates a moment before its last thread. */
public final class ServerThreads implements ThreadFactory {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final String prefix;
    private final AtomicInteger count = new AtomicInteger();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /**
     * A factory of threads that are numbered from 1.
     *
     * @param prefix of their names
     */
    public ServerThreads(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public Thread newThread(Runnable task) {
        // of an executor that lets idle threads end there may be many over the years
        threads.removeIf(each -> each.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(task, prefix + count.incrementAndGet());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /**
     * Waits until every thread but the calling one has ended; an interrupt ends the waiting and stays set.
     *
     * @throws IllegalStateException when one does not end within ten seconds
     */
    public void awaitEnd() {
        try {
            for (Thread thread : threads) {
                if (thread == Thread.currentThread()) {
                    continue;
                }
                thread.join(TIMEOUT.toMillis());
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " did not end within " + TIMEOUT);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
