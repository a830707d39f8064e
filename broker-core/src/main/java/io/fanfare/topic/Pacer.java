package io.fanfare.topic;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Timer;
import io.fanfare.message.Message;
import io.fanfare.session.Subscription;
import java.time.Duration;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets through a topic's messages at most at a rate, and keeps the newest of each key until it is their turn. One for all
 * subscriptions that want the same, so that each additional one costs no more than the messages it gets. Owned by its
 * loop.
 */
public final class Pacer {

    /** High rates go out in bursts of this part of a second, which the loop's timers can keep up with. */
    private static final int BURSTS_PER_SECOND = 20;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Audience audience;
    private final DeliveryPolicy pacing;
    private final EventLoop loop;
    private final Backlog backlog;
    private final long interval;

    /** How long before its time a message may go, for the sake of bursts. */
    private final long tolerance;

    /** When the next message would go if they went evenly. */
    private long nextTime;

    private @Nullable Timer timer;

    /** For those who joined while messages waited: what had been conflated before, by key. */
    private final Map<Subscription, Map<String, Long>> newcomers = new IdentityHashMap<>(0);

    public Pacer(Audience audience, DeliveryPolicy pacing, EventLoop loop, long maxBytes) {
        this.audience = audience;
        this.pacing = pacing;
        this.loop = loop;
        this.backlog = new Backlog(pacing, true, new Backlog.Budget(maxBytes));
        this.interval = NANOS_PER_SECOND / pacing.maxRate();
        this.tolerance = interval * Math.max(0, pacing.maxRate() / BURSTS_PER_SECOND - 1);
        this.nextTime = loop.nanoTime();
    }

    public void offer(Message message) {
        Backlog.Entry entry = new Backlog.Entry(message, 0, 0);
        if (backlog.isEmpty() && mayGo()) {
            audience.send(entry, Map.of());
        } else {
            backlog.add(entry);
            expectTurn();
        }
    }

    /** Whether it is time for a message, which then goes. */
    private boolean mayGo() {
        long now = loop.nanoTime();
        if (now < nextTime - tolerance) {
            return false;
        }
        nextTime = Math.max(nextTime, now) + interval;
        return true;
    }

    private void expectTurn() {
        if (timer == null && !backlog.isEmpty()) {
            long delay = Math.max(0, nextTime - tolerance - loop.nanoTime());
            timer = loop.schedule(Duration.ofNanos(delay), this::turn);
        }
    }

    private void turn() {
        timer = null;
        audience.removeEnded();
        while (!backlog.isEmpty() && mayGo()) {
            Backlog.Entry entry = backlog.poll();
            if (entry != null) {
                audience.send(entry, newcomersTo(entry));
            }
        }
        expectTurn();
    }

    /** Those of the newcomers who have missed some of what this entry counts, and how many that is. */
    private Map<Subscription, Long> newcomersTo(Backlog.Entry entry) {
        if (newcomers.isEmpty()) {
            return Map.of();
        }
        String key = pacing.keyOf(entry.message());
        Map<Subscription, Long> missed = new IdentityHashMap<>();
        newcomers.forEach((subscription, before) -> {
            Long count = before.remove(key);
            if (count != null) {
                missed.put(subscription, count);
            }
        });
        newcomers.values().removeIf(Map::isEmpty);
        return missed;
    }

    /** A subscription has joined; nothing that waits now counts for it. */
    public void joined(Subscription subscription) {
        if (!backlog.isEmpty()) {
            newcomers.put(subscription, new HashMap<>(backlog.conflatedSoFar()));
        }
    }

    public void left(Subscription subscription) {
        newcomers.remove(subscription);
    }

    /** Nobody is left. */
    public void stop() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        backlog.clear();
        newcomers.clear();
    }
}
