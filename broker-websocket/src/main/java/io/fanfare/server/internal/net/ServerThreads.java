package io.fanfare.server.internal.net;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;

/** Makes the threads of one executor and knows them: an executor has terminated a moment before its last thread has. */
public final class ServerThreads implements ThreadFactory {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String prefix;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /**
     * Threads that are numbered from 1.
     *
     * @param prefix what their names begin with
     */
    public ServerThreads(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public Thread newThread(Runnable task) {
        Thread thread = new Thread(task, prefix + (threads.size() + 1));
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /**
     * Waits until none of them is left; an interrupt ends the waiting and stays set.
     *
     * @throws IllegalStateException when one does not end
     */
    public void awaitEnd() {
        try {
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis());
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " did not end within " + PATIENCE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
