package io.fanfare.cli.bench;

import java.util.ArrayList;
import java.util.List;

/** One destination of a run, with the window of messages in flight. Owned by the generator's thread. */
final class BenchDestination {

    /** Limit on the deliveries in flight to all subscribers together. */
    private static final int MAX_DELIVERIES = 20_000;

    /** Limit on the bytes in flight to each subscriber. */
    private static final int MAX_BYTES = 256 << 10;

    /** An estimate of the bytes of a MESSAGE without its body. */
    private static final int HEAD_BYTES = 256;

    private static final int MIN_WINDOW = 16;

    private final String name;
    private final boolean queue;
    private final long window;
    private final List<Receiver> subscribers = new ArrayList<>();
    private long sent;
    private long counted;

    /** Messages that were no longer in flight at the last check. */
    private long done;

    /** Messages that are no longer waited for; see {@link #forgive()}. */
    private long forgiven;

    BenchDestination(String name, Workload workload) {
        this.name = name;
        this.queue = workload.isQueue();
        this.window =
                window(workload.clients().subscribers(), workload.traffic().size());
    }

    /** The limit on messages in flight: so few that no broker has to drop any, or to cut a subscriber as too slow. */
    static long window(int subscribers, long size) {
        long byCount = Math.max(MAX_DELIVERIES / subscribers, MIN_WINDOW);
        return Math.max(1, Math.min(byCount, MAX_BYTES / (size + HEAD_BYTES)));
    }

    String name() {
        return name;
    }

    void add(Receiver subscriber) {
        subscribers.add(subscriber);
    }

    /** Whether the window has room for another message. */
    boolean hasRoom() {
        if (sent - done >= window) {
            done = arrived() + forgiven;
        }
        return sent - done < window;
    }

    /** Counts a message that was sent, and whether it was due in the measured part. */
    void sent(boolean counts) {
        sent++;
        counted += counts ? 1 : 0;
    }

    /** Empties the window: messages that have not arrived are not waited for, and publishers continue. */
    void forgive() {
        forgiven = sent - arrived();
    }

    /** The deliveries that the messages of the measured part should make. */
    long expected() {
        return counted * deliveries();
    }

    /** The deliveries that one message makes. */
    int deliveries() {
        return queue ? 1 : subscribers.size();
    }

    /** Messages that the slowest live subscriber has received; of a queue, those that all have received together. */
    private long arrived() {
        long all = 0;
        long fewest = sent;
        for (Receiver subscriber : subscribers) {
            all += subscriber.received();
            if (!subscriber.isEnded()) {
                fewest = Math.min(fewest, subscriber.received());
            }
        }
        return queue ? all : fewest;
    }
}
