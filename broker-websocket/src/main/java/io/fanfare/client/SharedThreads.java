package io.fanfare.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Threads that all clients of a JVM share: one HttpClient with its selector, one timer, and a pool that runs callbacks.
 * All are daemons, and the pool's end when they are idle.
 */
final class SharedThreads implements ClientTimer {

    private static final SharedThreads INSTANCE = new SharedThreads();

    private final ExecutorService pool = Executors.newCachedThreadPool(daemons("fanfare-client-"));
    private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(1, daemons("fanfare-timer-"));
    private final HttpClient http = HttpClient.newBuilder().executor(pool).build();

    private SharedThreads() {
        alarms.setRemoveOnCancelPolicy(true);
    }

    static SharedThreads get() {
        return INSTANCE;
    }

    /** The shared HttpClient; with a TLS context of its own, another one that ends with its last connection. */
    HttpClient http(@Nullable SSLContext tls) {
        return tls == null
                ? http
                : HttpClient.newBuilder().executor(pool).sslContext(tls).build();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Future<?> after(Duration delay, Runnable task) {
        // on the pool, because a task may end in a user's callback, and that must not hold up other clients'
        // heart-beats
        return alarms.schedule(() -> pool.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static ThreadFactory daemons(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
