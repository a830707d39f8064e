package io.fanfare.nats.internal.queue;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Single-threaded executor that owns the state of shared queues: tasks run one after the other, in the order they came. Any thread may give it some; one
 * that comes while others run wakes no thread. After its end they are let go.
 */
final class Worker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** Tasks that run before those that were given for a time have their turn. */
    private static final int MAX_AT_ONCE = 256;

    private final ScheduledThreadPoolExecutor executor;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** Whether the thread looks at the tasks, or will. */
    private final AtomicBoolean awake = new AtomicBoolean();

    Worker(String name) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        executor.setRemoveOnCancelPolicy(true);
    }

    void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    private void wake() {
        if (awake.compareAndSet(false, true)) {
            try {
                executor.execute(this::runSome);
            } catch (RejectedExecutionException e) {
                LOG.trace("a task comes after the end", e);
            }
        }
    }

    private void runSome() {
        Runnable next = tasks.poll();
        for (int i = 1; next != null && !executor.isShutdown(); i++) {
            run(next);
            next = i < MAX_AT_ONCE ? tasks.poll() : null;
        }
        awake.set(false);
        if (!tasks.isEmpty()) {
            wake();
        }
    }

    void later(Duration delay, Runnable task) {
        try {
            executor.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.trace("a task comes after the end", e);
        }
    }

    void every(Duration interval, Runnable task) {
        executor.scheduleWithFixedDelay(() -> run(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a task when a stage has ended, with its result or with why it failed. */
    <T> void then(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> task) {
        stage.whenComplete((result, failure) -> execute(() -> task.accept(result, failure)));
    }

    /** Completed when the tasks of this moment have run, or will not run any more. */
    CompletableFuture<Void> caughtUp() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        execute(() -> done.complete(null));
        if (executor.isShutdown()) {
            done.complete(null);
        }
        return done;
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            // the others must go on
            LOG.error("bug in a task for shared queues", e);
        }
    }

    /** Lets the task that runs come to its end, and no other begin. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
