package io.fanfare.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The event loops that share one broker. Any thread may call. */
public final class Loops {

    private final BrokerClock clock;
    private volatile EventLoop[] all = {};

    /** Tasks that came while no loop went on. */
    private final List<Consumer<EventLoop>> waiting = new ArrayList<>(0);

    private volatile boolean someWait;

    /** None yet, by the clock of the machine. */
    public Loops() {
        this(BrokerClock.SYSTEM);
    }

    /**
     * None yet.
     *
     * @param clock that those to come go by
     */
    public Loops(BrokerClock clock) {
        this.clock = clock;
    }

    /** The broker's clock. */
    public BrokerClock clock() {
        return clock;
    }

    /** Adds a loop, which goes on; when it is there already it gets what waits for a loop that does. */
    public void add(EventLoop loop) {
        if (contains(loop) && !someWait) {
            return;
        }
        List<Consumer<EventLoop>> tasks;
        synchronized (this) {
            if (!contains(loop)) {
                EventLoop[] more = Arrays.copyOf(all, all.length + 1);
                more[all.length] = loop;
                all = more;
                loop.onEnd(this::ended);
            }
            tasks = List.copyOf(waiting);
            waiting.clear();
            someWait = false;
        }
        tasks.forEach(task -> loop.execute(() -> task.accept(loop)));
    }

    /** Gives it to a loop that goes on, and those that it took turns for. */
    private void ended(EventLoop loop) {
        for (EventLoop each : all) {
            if (each.hasEnded()) {
                onAny(each::goOnWith);
            }
        }
    }

    /** Whether one of them runs the calling thread. */
    public boolean isCurrent() {
        for (EventLoop loop : all) {
            if (loop.isCurrent()) {
                return true;
            }
        }
        return false;
    }

    /** The loops of this moment. */
    public List<EventLoop> all() {
        return List.of(all);
    }

    private boolean contains(EventLoop loop) {
        for (EventLoop each : all) {
            if (each == loop) {
                return true;
            }
        }
        return false;
    }

    /** Nanoseconds of the clock that all loops share, from some time on. */
    public long nanoTime() {
        EventLoop[] loops = all;
        return loops.length == 0 ? clock.nanoTime() : loops[0].nanoTime();
    }

    /** Runs a task on one of the loops that go on; while there is none, the task waits for the next to come. */
    void onAny(Consumer<EventLoop> task) {
        EventLoop first = firstThatGoesOn();
        if (first == null) {
            synchronized (this) {
                first = firstThatGoesOn();
                if (first == null) {
                    waiting.add(task);
                    someWait = true;
                    return;
                }
            }
        }
        EventLoop chosen = first;
        chosen.execute(() -> task.accept(chosen));
    }

    private @Nullable EventLoop firstThatGoesOn() {
        for (EventLoop each : all) {
            if (!each.hasEnded()) {
                return each;
            }
        }
        return null;
    }

    private EventLoop[] thoseThatGoOn() {
        return Arrays.stream(all).filter(each -> !each.hasEnded()).toArray(EventLoop[]::new);
    }

    /** Runs a task on the calling thread's loop, at once; a thread that is none of the loops' gives it to any. */
    public void onCurrentOrAny(Consumer<EventLoop> task) {
        for (EventLoop each : all) {
            if (each.isCurrent()) {
                task.accept(each);
                return;
            }
        }
        onAny(task);
    }

    /** Runs a task once the time has passed, on the calling thread's loop, or on another one. */
    public SharedTimer schedule(Duration delay, Consumer<EventLoop> task) {
        SharedTimer timer = new SharedTimer(delay, task);
        onCurrentOrAny(timer::start);
        return timer;
    }

    /** Does a job on the calling thread's loop or any other, a part in each turn. */
    public void executeInParts(LongJobs.Job job) {
        onCurrentOrAny(loop -> loop.startInParts(job));
    }

    /**
     * Waits until each of the loops has done what it had been given before, and what it then gave itself.
     *
     * @throws IllegalStateException when the calling thread is one of the loops', or a loop takes longer
     */
    public void awaitTurns(Duration atMost) {
        EventLoop[] loops = thoseThatGoOn();
        CountDownLatch done = new CountDownLatch(loops.length);
        for (EventLoop each : loops) {
            if (each.isCurrent()) {
                throw new IllegalStateException("an event loop can't wait for itself");
            }
        }
        for (EventLoop each : loops) {
            each.execute(() -> each.execute(done::countDown));
        }
        try {
            if (!done.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("an event loop has not come round within " + atMost);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for event loops", e);
        }
    }

    /** Runs a task on each of the loops that go on, and another when none of them has yet to run its own. */
    void onEach(Consumer<EventLoop> task, Runnable whenDone) {
        EventLoop[] loops = thoseThatGoOn();
        AtomicInteger left = new AtomicInteger(loops.length);
        for (EventLoop each : loops) {
            each.executeInParts(steps -> {
                try {
                    task.accept(each);
                } finally {
                    if (left.decrementAndGet() == 0) {
                        whenDone.run();
                    }
                }
                return false;
            });
        }
    }

    /** Bytes in the loops' mailboxes, and in outboxes whose sockets are full; shared ones count once. */
    long bytesUnderWay() {
        long sum = 0;
        for (EventLoop loop : all) {
            sum += loop.bytesUnderWay();
        }
        return sum;
    }
}
