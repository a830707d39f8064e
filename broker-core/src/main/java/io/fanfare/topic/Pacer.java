package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import io.fanfare.message.Message;
import java.time.Duration;
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

    /**
     * A pacer that holds nothing.
     *
     * @param send gives a message to the audience
     * @param removeEnded removes subscriptions that have ended from the audience
     * @param maxBytes what may wait for its turn
     */
    Pacer(Consumer<Backlog.Entry> send, Runnable removeEnded, DeliveryPolicy policy, EventLoop loop, long maxBytes) {
        this.send = send;
        this.removeEnded = removeEnded;
        this.loop = loop;
        this.backlog = Backlog.conflating(policy, new Backlog.Budget(maxBytes));
        this.interval = NANOS_PER_SECOND / policy.maxRate();
        this.tolerance = interval * Math.max(0, policy.maxRate() / BURSTS_PER_SECOND - 1);
        this.nextTime = loop.nanoTime();
    }

    void offer(Message message) {
        Backlog.Entry entry = Backlog.Entry.of(message);
        if (backlog.isEmpty() && takeTurn()) {
            send.accept(entry);
        } else {
            backlog.add(entry);
            awaitTurn();
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
        if (timer == null && !backlog.isEmpty()) {
            long delay = Math.max(0, nextTime - tolerance - loop.nanoTime());
            timer = loop.schedule(Duration.ofNanos(delay), this::release);
        }
    }

    private void release() {
        timer = null;
        removeEnded.run();
        while (!backlog.isEmpty() && takeTurn()) {
            Backlog.Entry entry = backlog.poll();
            if (entry != null) {
                send.accept(entry);
            }
        }
        awaitTurn();
    }

    /** The audience is empty. */
    void stop() {
        assert loop.isCurrent();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        backlog.clear();
    }
}
