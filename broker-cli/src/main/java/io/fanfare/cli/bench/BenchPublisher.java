package io.fanfare.cli.bench;

import io.fanfare.frame.Frame;
import io.fanfare.frame.ProtocolException;
import java.io.IOException;
import java.nio.channels.Selector;
import java.util.List;

/** A connection that sends to all destinations in turn, at the rate or as fast as the subscribers take it. */
final class BenchPublisher extends StompConnection {

    /** The answer of {@link #publish} when sending continues after the next read or write, and not at a time. */
    static final long AFTER_IO = Long.MAX_VALUE;

    private final Workload workload;
    private final int index;
    private final List<BenchDestination> destinations;
    private final List<SendTemplate> templates;
    private final Meter meter;
    private long sent;

    /** @param index of this publisher, from 0 */
    BenchPublisher(Workload workload, int index, List<BenchDestination> destinations, Meter meter, Selector selector)
            throws IOException {
        super(workload, selector);
        this.workload = workload;
        this.index = index;
        this.destinations = destinations;
        this.meter = meter;
        int size = (int) workload.traffic().size();
        this.templates = destinations.stream()
                .map(destination -> new SendTemplate(destination.name(), size))
                .toList();
    }

    /**
     * Sends the messages that are due.
     *
     * @return the time at which the next one is due, in nanoseconds of the run, or {@link #AFTER_IO}
     */
    long publish(long now) {
        if (!isReady()) {
            return AFTER_IO;
        }
        long next = fill(now);
        flush();
        return next <= now && !out().isEmpty() ? AFTER_IO : next;
    }

    private long fill(long now) {
        boolean paced = workload.traffic().isPaced();
        while (!out().isFull()) {
            long due = paced ? due(sent) : now;
            if (due >= workload.traffic().end()) {
                return AFTER_IO;
            }
            int turn = turn(sent);
            BenchDestination destination = destinations.get(turn);
            if (due > now) {
                return due;
            }
            if (!paced && !destination.hasRoom()) {
                return AFTER_IO;
            }
            templates.get(turn).put(due, out());
            destination.sent(meter.sent(due, now));
            sent++;
        }
        return now;
    }

    /** Counts the messages that were due and have not been sent. */
    void giveUp(long now) {
        if (workload.traffic().isPaced()) {
            long end = Math.min(now, workload.traffic().end());
            for (long n = sent; due(n) < end; n++) {
                meter.givenUp(due(n), now, destinations.get(turn(n)).deliveries());
            }
        }
    }

    /** The time at which this publisher's n-th message is due; the publishers send in turn. */
    private long due(long n) {
        return workload.traffic().due(n * workload.clients().publishers() + index);
    }

    /** The index of the destination of this publisher's n-th message. */
    private int turn(long n) {
        return (int) ((n + index) % destinations.size());
    }

    @Override
    void loggedIn() {
        ready();
    }

    @Override
    void beforeRead() {}

    @Override
    int messages(byte[] bytes, int from, int to) {
        return from;
    }

    @Override
    void message(Frame message) {
        throw new ProtocolException("a MESSAGE came to a connection that has no subscription");
    }

    @Override
    void afterRead() {}
}
