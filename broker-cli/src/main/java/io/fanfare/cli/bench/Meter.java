package io.fanfare.cli.bench;

import io.fanfare.cli.bench.Workload.Traffic;
import org.HdrHistogram.Histogram;

/**
 * The counters, latencies and clock of a run. A message counts when it was due in the measured part, however late it
 * was sent, so that its latency is what a receiver saw (no coordinated omission). Owned by the generator's thread.
 */
final class Meter {

    private static final long MAX_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final Traffic traffic;
    private final Histogram latency = new Histogram(1, MAX_NANOS, DIGITS);
    private long origin = System.nanoTime();
    private long sent;
    private long sentInTime;
    private long unsent;
    private long received;
    private long receivedInTime;
    private long receivedAtAll;

    Meter(Traffic traffic) {
        this.traffic = traffic;
    }

    /** Starts the clock of the run. */
    void begin() {
        origin = System.nanoTime();
    }

    /** Nanoseconds since the start of the run. */
    long now() {
        return System.nanoTime() - origin;
    }

    /** Counts a message that was sent; returns whether it was due in the measured part. */
    boolean sent(long due, long now) {
        boolean counts = traffic.counts(due);
        sent += counts ? 1 : 0;
        sentInTime += traffic.counts(now) ? 1 : 0;
        return counts;
    }

    void received(long due, long now) {
        receivedAtAll++;
        receivedInTime += traffic.counts(now) ? 1 : 0;
        if (traffic.counts(due)) {
            received++;
            latency.recordValue(Math.max(0, Math.min(now - due, MAX_NANOS)));
        }
    }

    /** Counts a message that will not be sent; its deliveries are recorded with the latency it has by now. */
    void givenUp(long due, long now, int deliveries) {
        if (traffic.counts(due)) {
            unsent++;
            latency.recordValueWithCount(Math.min(now - due, MAX_NANOS), deliveries);
        }
    }

    Histogram latency() {
        return latency;
    }

    /** Messages that were due in the measured part and were sent, at whatever time. */
    long sent() {
        return sent;
    }

    /** Messages that were due in the measured part and could not be sent. */
    long unsent() {
        return unsent;
    }

    /** Messages that were sent in the measured part. */
    long sentInTime() {
        return sentInTime;
    }

    /** Deliveries of messages that were due in the measured part, at whatever time they came. */
    long received() {
        return received;
    }

    /** Deliveries that came in the measured part. */
    long receivedInTime() {
        return receivedInTime;
    }

    /** All deliveries of the run, those of the warm-up too. */
    long receivedAtAll() {
        return receivedAtAll;
    }
}
