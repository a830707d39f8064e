package io.fanfare.cli.bench;

import io.fanfare.cli.output.CommandException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * One run of the load generator: connects, sends, receives and counts, all on the caller's thread, so that nothing is
 * shared and at most one core is used.
 */
final class LoadGenerator implements AutoCloseable {

    /** How long deliveries are waited for after the end of the measured part; later ones count as lost. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    /** Without a rate: how long publishers wait for deliveries before they continue without them. */
    private static final Duration STALL = Duration.ofSeconds(1);

    private static final Duration TICK = Duration.ofMillis(100);

    private final Workload workload;
    private final LongConsumer progress;
    private final Meter meter;
    private final List<BenchDestination> destinations = new ArrayList<>();
    private final List<BenchPublisher> publishers = new ArrayList<>();
    private final Connections connections;
    private long nextTick;
    private long receivedSoFar;
    private long receivedAt;
    private int stalls;

    /** Nothing can be measured any more: no publisher is left, or no subscriber. */
    private boolean over;

    /** @param progress gets the run's time, in nanoseconds, ten times a second */
    LoadGenerator(Workload workload, LongConsumer progress) {
        this.workload = workload;
        this.progress = progress;
        this.meter = new Meter(workload.traffic());
        this.connections = new Connections(workload);
        // names that no other run uses, whose messages would be counted
        String run =
                String.format(Locale.ROOT, "%06x", ThreadLocalRandom.current().nextInt(1 << 24));
        for (int i = 0; i < workload.clients().topics(); i++) {
            destinations.add(new BenchDestination(workload.destination() + "." + run + "." + i, workload));
        }
    }

    Workload workload() {
        return workload;
    }

    Meter meter() {
        return meter;
    }

    /**
     * Runs the workload.
     *
     * @throws CommandException when a connection could not be made
     */
    Report run() {
        connect();
        meter.begin();
        turnUntil(workload.traffic().warmUp().toNanos(), () -> over);
        long cpu = threadCpu();
        turnUntil(workload.traffic().end(), () -> over);
        cpu = threadCpu() - cpu;
        turnUntil(workload.traffic().end() + DRAIN_TIMEOUT.toNanos(), () -> over || isComplete());
        publishers.forEach(publisher -> publisher.giveUp(meter.now()));
        Report report = Report.of(this, cpu, stalls);
        leave();
        return report;
    }

    private static long threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    List<BenchConnection> connections() {
        return connections.all();
    }

    // ---- connecting -----------------------------------------------------------------------------------------------

    /** Subscribers first, so that each has its RECEIPT before anything is sent. */
    private void connect() {
        int subscribers = workload.clients().subscribers();
        for (int i = 0; i < workload.connections(); i++) {
            int index = i;
            connections.open(selector ->
                    index < subscribers ? subscriber(index, selector) : publisher(index - subscribers, selector));
        }
        connections.awaitReady();
    }

    private BenchConnection subscriber(int i, Selector selector) throws IOException {
        BenchDestination destination = destinations.get(i % destinations.size());
        if (workload.isEventStream(i)) {
            StreamSubscriber subscriber = new StreamSubscriber(workload, destination, meter, selector);
            destination.add(subscriber);
            return subscriber;
        }
        BenchSubscriber subscriber = new BenchSubscriber(workload, destination, meter, selector);
        destination.add(subscriber);
        return subscriber;
    }

    private BenchPublisher publisher(int i, Selector selector) throws IOException {
        BenchPublisher publisher = new BenchPublisher(workload, i, destinations, meter, selector);
        publishers.add(publisher);
        return publisher;
    }

    // ---- running --------------------------------------------------------------------------------------------------

    private void turnUntil(long end, BooleanSupplier done) {
        long now = meter.now();
        while (now < end && !done.getAsBoolean()) {
            long next = Math.min(end, now + TICK.toNanos());
            for (BenchPublisher publisher : publishers) {
                next = Math.min(next, publisher.publish(now));
            }
            connections.select(next - meter.now());
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
        if (meter.receivedAtAll() != receivedSoFar) {
            receivedSoFar = meter.receivedAtAll();
            receivedAt = now;
        } else if (now - receivedAt > STALL.toNanos()
                && now < workload.traffic().end()
                && !workload.traffic().isPaced()) {
            stalls++;
            receivedAt = now;
            destinations.forEach(BenchDestination::forgive);
        }
    }

    private boolean isOver() {
        boolean sending = publishers.stream().anyMatch(connection -> !connection.isEnded());
        return !sending
                || connections().stream()
                        .noneMatch(connection -> connection instanceof Receiver && !connection.isEnded());
    }

    private boolean isComplete() {
        boolean allSent = !workload.traffic().isPaced()
                || meter.sent() == workload.traffic().planned();
        return allSent && meter.received() >= expected();
    }

    long expected() {
        return destinations.stream().mapToLong(BenchDestination::expected).sum();
    }

    // ---- leaving --------------------------------------------------------------------------------------------------

    private void leave() {
        connections().forEach(BenchConnection::leave);
        turnUntil(
                meter.now() + CLOSE_TIMEOUT.toNanos(),
                () -> connections().stream().allMatch(BenchConnection::isEnded));
    }

    @Override
    public void close() {
        connections.close();
    }
}
