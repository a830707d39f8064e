package io.fanfare.cli.bench;

import java.util.ArrayList;
import java.util.List;

/** One destination of the run, and how far its publishers are ahead of its subscribers. Owned by the load's thread. */
final class Target {

    /** Messages on their way to all subscribers together, and bytes on their way to each. */
    private static final int MAX_DELIVERIES = 20_000;

    private static final int MAX_BYTES = 256 << 10;
    private static final int HEAD_BYTES = 256;
    private static final int MIN_WINDOW = 16;

    private final String name;
    private final boolean queue;
    private final long window;
    private final List<Subscriber> subscribers = new ArrayList<>();
    private long sent;
    private long counted;

    /** How many messages have reached all, when it was last asked; and how many of the rest nobody waits for any more. */
    private long done;

    private long forgiven;

    Target(String name, Plan plan) {
        this.name = name;
        this.queue = plan.isQueue();
        this.window = window(plan.crowd().subscribers(), plan.flow().size());
    }

    /** How many messages may be under way, so that a broker need not drop any and cuts nobody as too slow. */
    static long window(int subscribers, long size) {
        long byCount = Math.max(MAX_DELIVERIES / subscribers, MIN_WINDOW);
        return Math.max(1, Math.min(byCount, MAX_BYTES / (size + HEAD_BYTES)));
    }

    String name() {
        return name;
    }

    void add(Subscriber subscriber) {
        subscribers.add(subscriber);
    }

    boolean hasRoom() {
        if (sent - done >= window) {
            done = arrived() + forgiven;
        }
        return sent - done < window;
    }

    void sent(boolean counts) {
        sent++;
        counted += counts ? 1 : 0;
    }

    /** What has not come will not come: publishers go on without it. */
    void forgive() {
        forgiven = sent - arrived();
    }

    /** How many deliveries of messages that count there should be in the end. */
    long expected() {
        return counted * deliveries();
    }

    /** How many a message makes. */
    int deliveries() {
        return queue ? 1 : subscribers.size();
    }

    private long arrived() {
        long all = 0;
        long fewest = sent;
        for (Subscriber subscriber : subscribers) {
            all += subscriber.received();
            if (!subscriber.isEnded()) {
                fewest = Math.min(fewest, subscriber.received());
            }
        }
        return queue ? all : fewest;
    }
}
