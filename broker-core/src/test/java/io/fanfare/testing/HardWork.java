package io.fanfare.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Threads that repeat their steps all at once, until they are through or one of them fails. */
public final class HardWork {

    private static final long SECONDS = 120;

    /** {@code -Dfanfare.threads.seed=SEED} has all threads do again what they did. */
    private final long seed = Long.getLong("fanfare.threads.seed", System.nanoTime());

    private final SplittableRandom seeds = new SplittableRandom(seed);
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** For one of the threads. */
    public SplittableRandom random() {
        return seeds.split();
    }

    public void add(int times, Runnable step) {
        Thread thread = new Thread(
                () -> {
                    for (int i = 0; i < times && failure.get() == null; i++) {
                        attempt(step);
                    }
                },
                "worker " + threads.size());
        // one that never gets through should not keep the JVM
        thread.setDaemon(true);
        threads.add(thread);
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Lets the threads do their work. */
    public void run() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            while (thread.isAlive() && failure.get() == null && System.nanoTime() < deadline) {
                thread.join(100);
            }
        }
        check(() -> {
            for (Thread thread : threads) {
                if (thread.isAlive() && failure.get() == null) {
                    throw new AssertionError(thread.getName() + " is not through after " + SECONDS + " s");
                }
            }
        });
    }

    /** What has to be true when the work is done; also tells what failed before. */
    public void check(Runnable checks) {
        attempt(checks);
        Throwable first = failure.get();
        if (first != null) {
            throw new AssertionError("seed " + seed + ": " + first.getMessage(), first);
        }
    }
}
