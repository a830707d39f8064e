package io.fanfare.cli.bench;

import io.fanfare.cli.bench.Plan.Flow;
import org.HdrHistogram.Histogram;

/**
 * Counts, and keeps the clock of the run. A message counts when the time at which it was due lies in the measured part, so
 * that one which was sent late is as late as its receiver saw it (no coordinated omission). Owned by the load's thread.
 */
final class Meter {

    private static final long MAX_NANOS = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final Flow flow;
    private final Histogram latency = new Histogram(1, MAX_NANOS, DIGITS);
    private long origin = System.nanoTime();
    private long sent;
    private long sentInTime;
    private long unsent;
    private long received;
    private long receivedInTime;
    private long receivedAtAll;

    Meter(Flow flow) {
        this.flow = flow;
    }

    /** The run's time begins. */
    void begin() {
        origin = System.nanoTime();
    }

    /** Nanoseconds of the run. */
    long now() {
        return System.nanoTime() - origin;
    }

    /** A message was sent; whether it counts. */
    boolean sent(long due, long now) {
        boolean counts = flow.counts(due);
        sent += counts ? 1 : 0;
        sentInTime += flow.counts(now) ? 1 : 0;
        return counts;
    }

    void received(long due, long now) {
        receivedAtAll++;
        receivedInTime += flow.counts(now) ? 1 : 0;
        if (flow.counts(due)) {
            received++;
            latency.recordValue(Math.max(0, Math.min(now - due, MAX_NANOS)));
        }
    }

    /** A message that counts will not be sent any more: its deliveries are at least as late as it is. */
    void givenUp(long due, long now, int deliveries) {
        if (flow.counts(due)) {
            unsent++;
            latency.recordValueWithCount(Math.min(now - due, MAX_NANOS), deliveries);
        }
    }

    Histogram latency() {
        return latency;
    }

    /** Messages that count, whenever they were sent. */
    long sent() {
        return sent;
    }

    /** Messages that count and could not be sent. */
    long unsent() {
        return unsent;
    }

    /** Messages that were sent while it counted. */
    long sentInTime() {
        return sentInTime;
    }

    /** Deliveries of messages that count, whenever they came. */
    long received() {
        return received;
    }

    /** Deliveries that came while it counted. */
    long receivedInTime() {
        return receivedInTime;
    }

    long receivedAtAll() {
        return receivedAtAll;
    }
}
