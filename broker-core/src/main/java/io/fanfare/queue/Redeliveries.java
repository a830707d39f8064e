package io.fanfare.queue;

import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Loops;
import io.fanfare.options.QueueOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * Messages of one queue that a NACK gave back and that wait before they are ready again; the queue counts them meanwhile.
 * Any thread may call.
 */
final class Redeliveries {

    /** The most messages that are ready again at a time. */
    private static final int AT_ONCE = 100;

    private static final Duration LONGEST_TIMER = Duration.ofSeconds(5);

    static final long LONGEST_MILLIS = Duration.ofDays(365).toMillis();

    private record Waiting(QueueEntry entry, long due) {}

    private final QueueOptions options;
    private final BrokerClock clock;

    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(1, Redeliveries::compare);

    /** Whether a timer runs, and for when. */
    private boolean timed;

    private long timer;
    private boolean closed;

    Redeliveries(QueueOptions options, BrokerClock clock) {
        this.options = options;
        this.clock = clock;
    }

    /**
     * Has a message wait.
     *
     * @param millis how long; {@link Deliveries#BACK_OFF}: as its deliveries and the options say
     * @param now the loop's clock, nanoseconds
     * @return false when it need not wait at all
     */
    synchronized boolean add(QueueEntry entry, long millis, long now) {
        long delay =
                millis == Deliveries.BACK_OFF ? backOff(options, entry.deliveries()) : Math.min(millis, LONGEST_MILLIS);
        if (entry.message().properties().mayExpire()) {
            delay = Math.min(delay, entry.message().properties().expires() - clock.uptimeMillis());
        }
        if (delay <= 0 || closed) {
            return false;
        }
        waiting.add(new Waiting(entry, now + TimeUnit.MILLISECONDS.toNanos(delay)));
        return true;
    }

    /** The first one due is the first; the clock is a loop's and may begin anywhere. */
    private static int compare(Waiting one, Waiting other) {
        return one.due == other.due
                ? Long.compare(one.entry.place(), other.entry.place())
                : Long.signum(one.due - other.due);
    }

    /** None after the first delivery, then the option's, and twice as much each time. */
    static long backOff(QueueOptions options, int deliveries) {
        if (deliveries < 2) {
            return 0;
        }
        long longest = options.maxRedeliveryDelay().toMillis();
        long delay = Math.min(longest, options.redeliveryDelay().toMillis());
        for (int i = 2; i < deliveries && delay > 0 && delay < longest; i++) {
            delay = Math.min(longest, 2 * delay);
        }
        return delay;
    }

    /** Takes those that have waited long enough, a bounded number. */
    synchronized List<QueueEntry> due(long now) {
        List<QueueEntry> due = new ArrayList<>(1);
        while (due.size() < AT_ONCE && !waiting.isEmpty() && waiting.element().due - now <= 0) {
            due.add(waiting.remove().entry);
        }
        return due;
    }

    /** Takes all, whether or not they have waited long enough. */
    synchronized List<QueueEntry> takeAll() {
        List<QueueEntry> all = waiting.stream().map(Waiting::entry).toList();
        waiting.clear();
        return all;
    }

    synchronized int count() {
        return waiting.size();
    }

    /** Takes all, and none that is still to come: the queue has gone. */
    synchronized List<QueueEntry> close() {
        closed = true;
        return takeAll();
    }

    /**
     * When a timer is needed that does not run yet.
     *
     * @return nanoseconds until then; -1: none is needed
     */
    synchronized long nextTimer(long now) {
        if (timed && timer - now <= 0) {
            timed = false;
        }
        Waiting first = waiting.peek();
        if (first == null || (timed && timer - first.due <= 0)) {
            return -1;
        }
        timed = true;
        // a queue that has gone meanwhile is not kept for longer than that
        timer = now + Math.min(Math.max(0, first.due - now), LONGEST_TIMER.toNanos());
        return timer - now;
    }

    /** Messages have been given back to a queue on this loop: a timer of any one wakes those that wait. */
    static void await(Queue queue, Queues queues, Loops loops, EventLoop loop) {
        long nanos = queue.redeliveries().nextTimer(loop.nanoTime());
        if (nanos >= 0) {
            loops.schedule(Duration.ofNanos(nanos), on -> {
                queue.redeliver(queue.redeliveries().due(on.nanoTime()));
                await(queue, queues, loops, on);
                queues.cameBack(queue);
                queues.collect(queue);
            });
        }
    }
}
