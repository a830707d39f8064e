package io.fanfare.testing;

import io.fanfare.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for what other threads, processes and peers do. All tests share one deadline: what works does not take as long on
 * a machine that is starved of processor time, and what does not work may cost a minute.
 */
public final class Await {

    public static final Duration DEADLINE = Duration.ofMinutes(1);

    private static final long SHORTEST_PAUSE_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private Await() {}

    /** What a test asks for again and again. */
    public interface Condition {

        /** Whether it holds; anything thrown fails the test at once. */
        boolean holds() throws Exception;
    }

    /** Returns as soon as the condition holds; fails when it does not at the deadline. */
    public static void until(String what, Condition condition) {
        long start = System.nanoTime();
        while (!holds(condition)) {
            long waited = System.nanoTime() - start;
            if (waited > DEADLINE.toNanos()) {
                throw new AssertionError(what + ": not within " + DEADLINE.toSeconds() + " s");
            }
            pause(waited);
        }
    }

    /** Returns as soon as the loop has done everything that was handed to it before, and has written what came of that. */
    public static void allDone(EventLoop loop) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        // in the turn behind it: what a turn brings is written at its end
        loop.execute(() -> loop.execute(() -> done.complete(null)));
        until("the loop has done all", done::isDone);
    }

    /** Returns after this time; fails as soon as the condition does not hold. A slow machine looks less often. */
    public static void throughout(Duration time, String what, Condition condition) {
        long start = System.nanoTime();
        long waited = 0;
        while (waited < time.toNanos()) {
            if (!holds(condition)) {
                throw new AssertionError(
                        what + ": no more after " + Duration.ofNanos(waited).toMillis() + " ms");
            }
            pause(waited);
            waited = System.nanoTime() - start;
        }
    }

    private static boolean holds(Condition condition) {
        try {
            return condition.holds();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** A tenth of the time that has been waited: what comes soon is noticed soon, and what takes long is rarely asked for. */
    private static void pause(long waitedNanos) {
        LockSupport.parkNanos(Math.max(SHORTEST_PAUSE_NANOS, Math.min(LONGEST_PAUSE_NANOS, waitedNanos / 10)));
        if (Thread.currentThread().isInterrupted()) {
            throw new AssertionError("interrupted");
        }
    }
}
