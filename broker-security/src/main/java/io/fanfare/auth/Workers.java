package io.fanfare.auth;

import io.fanfare.security.AuthenticationUnavailableException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Thread pool with a bounded queue, for work that takes too long for an event loop. Threads without work end after {@value
 * #IDLE_SECONDS} seconds. Any thread may call any method.
 */
final class Workers implements AutoCloseable {

    private static final int IDLE_SECONDS = 10;

    private final String name;
    private final ThreadPoolExecutor threads;

    /**
     * Makes a pool; its first thread starts with the first task.
     *
     * @param name the work in one word, for thread dumps and error texts
     * @param count limit on the threads
     * @param maxWaiting limit on the tasks that wait for a thread
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
     * Runs a task soon.
     *
     * @throws AuthenticationUnavailableException when the queue is full, or the pool is closed
     */
    <T> CompletableFuture<T> submit(Supplier<T> task) {
        Task<T> submitted = new Task<>(task, new CompletableFuture<>());
        try {
            threads.execute(submitted);
            return submitted.result();
        } catch (RejectedExecutionException e) {
            throw new AuthenticationUnavailableException(
                    threads.isShutdown() ? name + " closed" : name + " overloaded");
        }
    }

    /** Ends the threads; tasks that wait fail with an {@link AuthenticationUnavailableException}, those under way go on. */
    @Override
    public void close() {
        AuthenticationUnavailableException closed = new AuthenticationUnavailableException(name + " closed");
        threads.shutdownNow().forEach(waiting -> ((Task<?>) waiting).fail(closed));
    }

    private record Task<T>(Supplier<T> work, CompletableFuture<T> result) implements Runnable {

        @Override
        public void run() {
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        void fail(Throwable why) {
            // as the futures of a stage before fail: with the reason as the cause
            result.completeExceptionally(new CompletionException(why));
        }
    }
}
