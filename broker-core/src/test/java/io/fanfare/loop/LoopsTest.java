package io.fanfare.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfare.testing.Await;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the broker has its loops do goes on when one of them ends. */
class LoopsTest {

    private final Loops loops = new Loops();
    private final CountDownLatch done = new CountDownLatch(1);

    private void isDone() throws InterruptedException {
        assertThat(done.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    /** The loop ends behind the task that it is held in, and does nothing that was given to it since then. */
    private static void endsBehind(CompletableFuture<Void> held, ThreadLoop loop) throws Exception {
        CompletableFuture<Void> end = CompletableFuture.runAsync(() -> {
            try {
                loop.close();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        Await.until("the loop is to end", loop::hasEnded);
        held.complete(null);
        end.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("a long job goes on with the next step on another loop when the one that does it ends")
    void longJob() throws Exception {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean mayEnd = new AtomicBoolean();
        try (ThreadLoop first = ThreadLoop.started("first");
                ThreadLoop second = ThreadLoop.started("second")) {
            loops.add(first);
            loops.add(second);
            first.executeInParts(steps -> {
                threads.add(Thread.currentThread());
                begun.countDown();
                if (mayEnd.get()) {
                    done.countDown();
                }
                return !mayEnd.get();
            });
            assertThat(begun.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
            first.close();
            mayEnd.set(true);
            isDone();
            assertThat(threads).extracting(Thread::getName).containsExactlyInAnyOrder("first", "second");
        }
    }

    @Test
    @DisplayName("a job that was given to a loop that has ended, or that ends before it begins, is another one's")
    void notBegun() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        CompletableFuture<Void> held = new CompletableFuture<>();
        try (ThreadLoop first = ThreadLoop.started("first");
                ThreadLoop second = ThreadLoop.started("second")) {
            loops.add(first);
            loops.add(second);
            first.execute(held::join);
            first.executeInParts(steps -> {
                both.countDown();
                return false;
            });
            endsBehind(held, first);
            first.executeInParts(steps -> {
                both.countDown();
                return false;
            });
            assertThat(both.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @DisplayName("a job of the only loop waits for the next loop")
    void theOnlyLoop() throws Exception {
        AtomicBoolean mayEnd = new AtomicBoolean();
        CountDownLatch begun = new CountDownLatch(1);
        try (ThreadLoop first = ThreadLoop.started("first")) {
            loops.add(first);
            loops.executeInParts(steps -> {
                begun.countDown();
                if (mayEnd.get()) {
                    done.countDown();
                }
                return !mayEnd.get();
            });
            assertThat(begun.await(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
        mayEnd.set(true);
        try (ThreadLoop second = ThreadLoop.started("second")) {
            loops.add(second);
            isDone();
        }
    }

    @Test
    @DisplayName("a task for each loop is over when a loop ends that has not done it")
    void onEach() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        CompletableFuture<Void> held = new CompletableFuture<>();
        try (ThreadLoop first = ThreadLoop.started("first");
                ThreadLoop second = ThreadLoop.started("second")) {
            loops.add(first);
            loops.add(second);
            first.execute(held::join);
            loops.onEach(loop -> ran.incrementAndGet(), done::countDown);
            endsBehind(held, first);
            isDone();
            assertThat(ran.get()).isBetween(1, 2);
        }
    }
}
