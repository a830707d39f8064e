package io.fanfare.auth;

import io.fanfare.security.AuthenticationUnavailableException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A few threads for what takes too long for an event loop, with a limited queue in front; threads without work end. */
final class Workers implements AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    private final String name;
    private final ThreadPoolExecutor threads;

    /**
     * No thread runs before there is work.
     *
     * @param name what they do, for thread dumps and logs
     * @param count threads at most
     * @param maxWaiting tasks that may wait for a thread
     */
    Workers(String name, int count, int maxWaiting) {
        this.name = name;
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                count, count, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(maxWaiting), task -> {
                    Thread thread = new Thread(task, "fanfare-" + name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Does something soon.
     *
     * @throws AuthenticationUnavailableException when too much waits already
     */
    <T> CompletableFuture<T> submit(Supplier<T> task) {
        try {
            return CompletableFuture.supplyAsync(task, threads);
        } catch (RejectedExecutionException e) {
            throw new AuthenticationUnavailableException(
                    threads.isShutdown() ? name + " closed" : name + " overloaded");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
