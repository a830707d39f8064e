package io.fanfare.cli.bench;

import io.fanfare.frame.Frame;
import io.fanfare.frame.ProtocolException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.Selector;
import java.util.List;

/** Sends to all targets in turn, on time or as fast as they are taken. Owned by the load's thread. */
final class Publisher extends Peer {

    /** It goes on when something comes. */
    static final long NOT_BY_ITSELF = Long.MAX_VALUE;

    private final Plan plan;
    private final int index;
    private final List<Target> targets;
    private final List<SendTemplate> templates;
    private final Meter meter;
    private long sent;

    Publisher(Load load, int index, InetSocketAddress address, Selector selector) throws IOException {
        super(load.plan(), address, selector);
        this.plan = load.plan();
        this.index = index;
        this.targets = load.targets();
        this.meter = load.meter();
        int size = (int) plan.flow().size();
        this.templates = targets.stream()
                .map(target -> new SendTemplate(target.name(), size))
                .toList();
    }

    /**
     * Sends what is due.
     *
     * @return when it would go on, in nanoseconds of the run
     */
    long publish(long now) {
        if (!isReady()) {
            return NOT_BY_ITSELF;
        }
        long next = fill(now);
        flush();
        return next <= now && !out().isEmpty() ? NOT_BY_ITSELF : next;
    }

    private long fill(long now) {
        boolean paced = plan.flow().isPaced();
        while (!out().isFull()) {
            long due = paced ? due(sent) : now;
            if (due >= plan.flow().end()) {
                return NOT_BY_ITSELF;
            }
            int turn = turn(sent);
            Target target = targets.get(turn);
            if (due > now) {
                return due;
            }
            if (!paced && !target.hasRoom()) {
                return NOT_BY_ITSELF;
            }
            templates.get(turn).put(due, out());
            target.sent(meter.sent(due, now));
            sent++;
        }
        return now;
    }

    /** Tells of what was due and has not been sent. */
    void giveUp(long now) {
        if (plan.flow().isPaced()) {
            long end = Math.min(now, plan.flow().end());
            for (long n = sent; due(n) < end; n++) {
                meter.givenUp(due(n), now, targets.get(turn(n)).deliveries());
            }
        }
    }

    /** When its n-th message is due: of all messages, every so many are this publisher's. */
    private long due(long n) {
        return plan.flow().due(n * plan.crowd().publishers() + index);
    }

    private int turn(long n) {
        return (int) ((n + index) % targets.size());
    }

    @Override
    void loggedIn() {
        ready();
    }

    @Override
    void turnBegins() {}

    @Override
    int messages(byte[] bytes, int from, int to) {
        return from;
    }

    @Override
    void message(Frame message) {
        throw new ProtocolException("a MESSAGE came to a connection that has no subscription");
    }

    @Override
    void turnEnds() {}
}
