package io.fanfare.nats.history;

import io.fanfare.nats.history.Event.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Everything that the clients of a run have done and seen, in the order of one clock. Any thread may add. */
final class History {

    private final List<Event> events = new ArrayList<>();
    private final AtomicLong names = new AtomicLong();

    /** Messages and settlements so far. */
    private long arrivals;

    /** A moment by both clocks. */
    private final Instant begin = Instant.now();

    private final long beginNanos = System.nanoTime();

    /** A name that no other connection has. */
    String connection(String what) {
        return what + "-" + names.incrementAndGet();
    }

    /** Adds an event that happens now. */
    void add(Kind kind, String client, String destination, String message, long number, boolean flag) {
        synchronized (events) {
            // the clock is read under the lock, so that the list is in its order
            events.add(new Event(System.nanoTime(), kind, client, destination, message, number, flag));
            if (kind == Kind.RECEIVED || kind == Kind.ACKED) {
                arrivals++;
                events.notifyAll();
            }
        }
    }

    void add(Kind kind, String client, String destination, String message) {
        add(kind, client, destination, message, 0, false);
    }

    /** Waits until the next message or settlement arrives; false: none has in this time. */
    boolean awaitArrival(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        synchronized (events) {
            long before = arrivals;
            long left = atMost.toMillis();
            while (arrivals == before && left > 0) {
                events.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
            return arrivals > before;
        }
    }

    /** The time of day, as logs have it. */
    LocalTime time(long at) {
        return LocalTime.ofInstant(begin.plusNanos(at - beginNanos), ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.MILLIS);
    }

    /** All events so far, the oldest first. */
    List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }
}
