package io.fanfare.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * One run: connects, sends, receives, counts. One thread does it all, the caller's, so that nothing is shared and one core is
 * what it needs at most.
 */
final class Load implements AutoCloseable {

    /** Connections that are being made at a time; a listener's backlog is often 128. */
    private static final int MAX_OPENING = 64;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration GOODBYE = Duration.ofSeconds(2);
    private static final Duration STALL = Duration.ofSeconds(1);
    private static final Duration TICK = Duration.ofMillis(100);

    private final Plan plan;
    private final LongConsumer progress;
    private final Meter meter;
    private final Inbox inbox;
    private final List<Target> targets = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final Selector selector;
    private long nextTick;
    private long heardSoFar;
    private long heardAt;
    private int stalls;

    /** Nothing can be measured any more. */
    private boolean over;

    /** @param progress told of the run's time, in nanoseconds, ten times a second */
    Load(Plan plan, LongConsumer progress) {
        this.plan = plan;
        this.progress = progress;
        this.meter = new Meter(plan.flow());
        this.inbox = new Inbox(plan.flow().size());
        // names nobody else uses: other messages would be counted
        String run =
                String.format(Locale.ROOT, "%06x", ThreadLocalRandom.current().nextInt(1 << 24));
        for (int i = 0; i < plan.crowd().topics(); i++) {
            targets.add(new Target(plan.destination() + "." + run + "." + i, plan));
        }
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector: " + e.getMessage(), e);
        }
    }

    Plan plan() {
        return plan;
    }

    List<Target> targets() {
        return targets;
    }

    Meter meter() {
        return meter;
    }

    /**
     * Runs.
     *
     * @throws UncheckedIOException when not all connections could be made
     */
    Report run() {
        connect();
        meter.begin();
        turnUntil(plan.flow().warmUp().toNanos(), () -> over);
        long cpu = threadCpu();
        turnUntil(plan.flow().end(), () -> over);
        cpu = threadCpu() - cpu;
        turnUntil(plan.flow().end() + DRAIN.toNanos(), () -> over || isComplete());
        publishers.forEach(publisher -> publisher.giveUp(meter.now()));
        Report report = Report.of(this, cpu, stalls);
        leave();
        return report;
    }

    private static long threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    List<Peer> peers() {
        return peers;
    }

    // ---- connecting -----------------------------------------------------------------------------------------------

    private void connect() {
        InetSocketAddress address = new InetSocketAddress(plan.url().getHost(), plan.port());
        if (address.isUnresolved()) {
            throw failure("no such host: " + plan.url().getHost());
        }
        for (int i = 0; i < plan.connections(); i++) {
            open(i, address);
            if (i % MAX_OPENING == MAX_OPENING - 1) {
                awaitReady();
            }
        }
        awaitReady();
    }

    /** Subscribers first: each has its RECEIPT before anything is sent. */
    private void open(int i, InetSocketAddress address) {
        int subscribers = plan.crowd().subscribers();
        try {
            if (i < subscribers) {
                Target target = targets.get(i % targets.size());
                Subscriber subscriber = new Subscriber(plan, target, meter, address, selector);
                target.add(subscriber);
                peers.add(subscriber);
            } else {
                Publisher publisher = new Publisher(this, i - subscribers, address, selector);
                publishers.add(publisher);
                peers.add(publisher);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no connection to " + plan.url() + ": " + e.getMessage(), e);
        }
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + CONNECT.toNanos();
        while (!peers.stream().allMatch(Peer::isReady)) {
            peers.stream().flatMap(peer -> peer.failure().stream()).findFirst().ifPresent(reason -> {
                throw failure(reason);
            });
            if (System.nanoTime() - deadline > 0) {
                throw failure("no answer from " + plan.url() + " within " + CONNECT.toSeconds() + " s");
            }
            select(TICK.toNanos());
        }
    }

    private static UncheckedIOException failure(String sentence) {
        return new UncheckedIOException(sentence, new IOException(sentence));
    }

    // ---- running --------------------------------------------------------------------------------------------------

    private void turnUntil(long end, BooleanSupplier done) {
        long now = meter.now();
        while (now < end && !done.getAsBoolean()) {
            long next = Math.min(end, now + TICK.toNanos());
            for (Publisher publisher : publishers) {
                next = Math.min(next, publisher.publish(now));
            }
            select(next - meter.now());
            now = meter.now();
            if (now >= nextTick) {
                tick(now);
            }
        }
    }

    private void tick(long now) {
        nextTick = now + TICK.toNanos();
        over = isOver();
        progress.accept(now);
        if (meter.receivedAtAll() != heardSoFar) {
            heardSoFar = meter.receivedAtAll();
            heardAt = now;
        } else if (now - heardAt > STALL.toNanos()
                && now < plan.flow().end()
                && !plan.flow().isPaced()) {
            stalls++;
            heardAt = now;
            targets.forEach(Target::forgive);
        }
    }

    /** Waits so long for something to happen; java.nio counts in milliseconds, so the last one is spent looking. */
    private void select(long nanos) {
        try {
            long millis = nanos / 1_000_000;
            if (millis > 1) {
                selector.select(this::serve, millis - 1);
            } else if (selector.selectNow(this::serve) == 0 && nanos > 0) {
                Thread.yield();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("select failed: " + e.getMessage(), e);
        }
    }

    private void serve(SelectionKey key) {
        ((Peer) key.attachment()).serve(inbox);
    }

    private boolean isOver() {
        boolean sending = publishers.stream().anyMatch(peer -> !peer.isEnded());
        return !sending || peers.stream().noneMatch(peer -> peer instanceof Subscriber && !peer.isEnded());
    }

    private boolean isComplete() {
        boolean allSent = !plan.flow().isPaced() || meter.sent() == plan.flow().planned();
        return allSent && meter.received() >= expected();
    }

    long expected() {
        return targets.stream().mapToLong(Target::expected).sum();
    }

    // ---- leaving --------------------------------------------------------------------------------------------------

    private void leave() {
        peers.forEach(Peer::leave);
        turnUntil(meter.now() + GOODBYE.toNanos(), () -> peers.stream().allMatch(Peer::isEnded));
    }

    @Override
    public void close() {
        peers.forEach(Peer::close);
        try {
            selector.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }
}
