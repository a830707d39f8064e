package io.fanfare.testkit;

import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The clock of one broker, which a test moves ahead. It runs as time does until it is stopped; what {@link #advance} adds is
 * on top of that. The time that clients and applications wait is not changed: a client that has promised heart-beats is
 * silent, for the broker, while the clock jumps.
 *
 * <p>It is an {@code InstantSource} too, for tokens that are made or checked by the broker's time of day. Any thread may call
 * but those of the broker.
 */
public final class TestClock implements BrokerClock {

    /** A timer may run so much late; {@link #advance} goes on for as long, so that what is due to the millisecond runs. */
    private static final long TIMER_PRECISION_NANOS = 1 << 24;

    /** Timers that are due one after the other run in that order, unless there are more of them in one advance. */
    private static final int MOST_STEPS = 1_000;

    private static final int MOST_ROUNDS = 200;
    private static final long SOON_NANOS = 3_000_000;
    private static final long TIMEOUT_SECONDS = 10;

    /** Reads time: the machine's with something added, or a time at which it stands still. */
    private record Reading(long added, @Nullable Long stopped) {

        long nanoTime() {
            return stopped == null ? System.nanoTime() + added : stopped;
        }

        Reading moved(long nanos) {
            return new Reading(added + nanos, stopped == null ? null : Long.valueOf(stopped + nanos));
        }
    }

    private final long origin = System.nanoTime();
    private final List<EventLoop> loops = new CopyOnWriteArrayList<>();
    private volatile Reading reading = new Reading(0, null);

    /** What the time of day at {@link #origin} is taken for. */
    private volatile Instant originOfDay = Instant.now();

    TestClock() {}

    // ---- what tests do ----------------------------------------------------------------------------------------------

    /**
     * Moves the clock, and returns when the broker has done what was due by then: timers have run in the order of their times,
     * and what they publish has been handed to sockets. Precise to a sixtieth of a second.
     *
     * @throws IllegalStateException when a loop of the broker is busy for more than ten seconds
     */
    public synchronized void advance(Duration time) {
        if (loops.stream().anyMatch(EventLoop::isCurrent)) {
            throw new IllegalStateException("a thread of the broker can't wait for the broker");
        }
        long total = time.toNanos() + TIMER_PRECISION_NANOS;
        long left = total;
        settle(1);
        while (left > 0) {
            long step =
                    Math.min(left, Math.max(nanosToNextTimer(), Math.max(TIMER_PRECISION_NANOS, total / MOST_STEPS)));
            reading = reading.moved(step);
            left -= step;
            settle(left > 0 ? 1 : 3);
        }
    }

    /** Has the clock stand still: only {@link #advance} moves it, until {@link #resume}. */
    public synchronized void stop() {
        // long jobs that rest for a moment would rest until the clock moves
        settle(1);
        Reading now = reading;
        reading = new Reading(now.added, now.nanoTime());
    }

    /** Has the clock run again, from where it stands. */
    public synchronized void resume() {
        run();
    }

    /** Has it run, and the time of day be the machine's; does not wait for loops, which may hang. */
    synchronized void reset() {
        run();
        originOfDay = Instant.now().minusNanos(nanoTime() - origin);
    }

    private void run() {
        if (reading.stopped != null) {
            reading = new Reading(reading.nanoTime() - System.nanoTime(), null);
            // a loop that sleeps until its next timer has looked at the clock while that stood still
            loops.forEach(loop -> loop.execute(() -> {}));
        }
    }

    // ---- what the broker reads --------------------------------------------------------------------------------------

    @Override
    public Instant instant() {
        return originOfDay.plusNanos(nanoTime() - origin);
    }

    @Override
    public long nanoTime() {
        return reading.nanoTime();
    }

    @Override
    public long uptimeMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime() - origin);
    }

    @Override
    public void started(EventLoop loop) {
        loops.add(loop);
    }

    /** The loops that have started so far have ended. */
    void forgetLoops() {
        loops.clear();
    }

    // ---- what is due runs -------------------------------------------------------------------------------------------

    /** Returns when the loops have had nothing to do for so many rounds in turn; in each, every loop takes whole turns. */
    private void settle(int quietRounds) {
        int quiet = 0;
        for (int round = 0; quiet < quietRounds && round < MOST_ROUNDS; round++) {
            // what one loop does may give work to another
            boolean busy = onEach(loop -> loop.hasWork() || loop.nanosToNextTimer() < SOON_NANOS ? 1 : 0)
                            .sum()
                    > 0;
            quiet = busy ? 0 : quiet + 1;
        }
    }

    private long nanosToNextTimer() {
        return onEach(EventLoop::nanosToNextTimer).min().orElse(Long.MAX_VALUE);
    }

    /** Asks all loops at once. */
    private LongStream onEach(ToLongFunction<EventLoop> question) {
        List<CompletableFuture<Long>> answers =
                loops.stream().map(loop -> ask(loop, question)).toList();
        return answers.stream().mapToLong(TestClock::get);
    }

    /** Asks in the turn after the next: then that one's timers have run. */
    private static CompletableFuture<Long> ask(EventLoop loop, ToLongFunction<EventLoop> question) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        loop.execute(() -> loop.execute(() -> answer.complete(question.applyAsLong(loop))));
        return answer;
    }

    private static long get(CompletableFuture<Long> answer) {
        try {
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker does what is due", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a loop of the broker is busy, or has ended", e);
        }
    }
}
