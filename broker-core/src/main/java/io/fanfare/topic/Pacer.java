package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import io.fanfare.retention.Coverage;
import io.fanfare.topic.backlog.Backlog;
import io.fanfare.topic.backlog.Budget;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets a topic's messages through at most at a rate, and keeps the newest of each key until it is their turn. One for all
 * subscriptions that want the same, so that each additional one costs no more than the messages it gets. Owned by its
 * loop.
 */
final class Pacer {

    /** High rates go out in bursts of this part of a second, which the loop's timers can keep up with. */
    private static final int BURSTS_PER_SECOND = 20;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Consumer<Backlog.Entry> send;
    private final Runnable removeEnded;
    private final EventLoop loop;
    private final Backlog backlog;
    private final long interval;

    /** How long before its time a message may go, for the sake of bursts. */
    private final long tolerance;

    /** When the next message would go if they went evenly. */
    private long nextTime;

    private @Nullable Timer timer;

    /** What to do when it is idle. */
    private @Nullable Runnable onIdle;

    /**
     * A pacer that holds nothing.
     *
     * @param send gives a message to the audience
     * @param removeEnded removes subscriptions that have ended from the topic
     * @param budget what may wait for its turn
     */
    Pacer(Consumer<Backlog.Entry> send, Runnable removeEnded, DeliveryPolicy policy, EventLoop loop, Budget budget) {
        this.send = send;
        this.removeEnded = removeEnded;
        this.loop = loop;
        this.backlog = Backlog.conflating(policy, budget);
        this.interval = NANOS_PER_SECOND / policy.maxRate();
        this.tolerance = interval * Math.max(0, policy.maxRate() / BURSTS_PER_SECOND - 1);
        this.nextTime = loop.nanoTime();
    }

    void offer(Backlog.Entry entry) {
        assert loop.isCurrent();
        boolean isItsTurn = backlog.isEmpty() && takeTurn();
        if (isItsTurn && backlog.isIdle()) {
            send.accept(entry);
            return;
        }
        backlog.add(entry);
        if (isItsTurn) {
            // it tells of a loss that no message has told of yet
            sendOldest();
        }
        awaitTurn();
    }

    private void sendOldest() {
        Backlog.Entry entry = backlog.poll();
        if (entry != null) {
            send.accept(entry);
        }
    }

    /** Whether it is time for a message, which then goes. */
    private boolean takeTurn() {
        long now = loop.nanoTime();
        if (now < nextTime - tolerance) {
            return false;
        }
        nextTime = Math.max(nextTime, now) + interval;
        return true;
    }

    private void awaitTurn() {
        if (timer == null && (!backlog.isEmpty() || onIdle != null)) {
            long time = backlog.isEmpty() ? nextTime : nextTime - tolerance;
            timer = loop.schedule(Duration.ofNanos(Math.max(0, time - loop.nanoTime())), this::release);
        }
    }

    private void release() {
        timer = null;
        removeEnded.run();
        while (!backlog.isEmpty() && takeTurn()) {
            sendOldest();
        }
        if (isIdle()) {
            tellIdle();
        }
        awaitTurn();
    }

    /** Whether nothing waits, nor would a message that came now. */
    boolean isIdle() {
        return backlog.isEmpty() && loop.nanoTime() >= nextTime;
    }

    /** What waits for its turn and was published before something was replayed, without being among that. */
    List<Backlog.Entry> leftOutOf(Coverage.Covered covered) {
        if (!covered.valuesOnly() || backlog.isEmpty()) {
            return List.of();
        }
        List<Backlog.Entry> found = new ArrayList<>(0);
        backlog.forEach(entry -> {
            if (entry.message().sequence() <= covered.upTo() && !covered.covers(entry.message())) {
                found.add(entry);
            }
        });
        return found;
    }

    /** How many messages wait for their turn. */
    int waiting() {
        return backlog.size();
    }

    /** Runs a task once, when it is idle. */
    void whenIdle(Runnable task) {
        assert loop.isCurrent();
        onIdle = task;
        awaitTurn();
    }

    private void tellIdle() {
        Runnable task = onIdle;
        onIdle = null;
        if (task != null) {
            task.run();
        }
    }

    /** The audience is empty. */
    void stop() {
        assert loop.isCurrent();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        backlog.clear();
        nextTime = loop.nanoTime();
        tellIdle();
    }
}
