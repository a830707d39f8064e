package io.fanfare.cli.bench;

import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
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
 * One run of the load generator: connects, sends, receives and counts, all on the caller's thread, so that nothing is
 * shared and at most one core is used.
 */
final class LoadGenerator implements AutoCloseable {

    /** Limit on connections that are being opened at a time; a listener's backlog is often 128. */
    private static final int MAX_OPENING = 64;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** How long deliveries are waited for after the end of the measured part; later ones count as lost. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    /** Without a rate: how long publishers wait for deliveries before they continue without them. */
    private static final Duration STALL = Duration.ofSeconds(1);

    private static final Duration TICK = Duration.ofMillis(100);

    private final Workload workload;
    private final LongConsumer progress;
    private final Meter meter;
    private final ReceiveBuffer buffer;
    private final List<BenchDestination> destinations = new ArrayList<>();
    private final List<BenchConnection> connections = new ArrayList<>();
    private final List<BenchPublisher> publishers = new ArrayList<>();
    private final Selector selector;
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
        this.buffer = new ReceiveBuffer(workload.traffic().size());
        // names that no other run uses, whose messages would be counted
        String run =
                String.format(Locale.ROOT, "%06x", ThreadLocalRandom.current().nextInt(1 << 24));
        for (int i = 0; i < workload.clients().topics(); i++) {
            destinations.add(new BenchDestination(workload.destination() + "." + run + "." + i, workload));
        }
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector: " + e.getMessage(), e);
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
        return connections;
    }

    // ---- connecting -----------------------------------------------------------------------------------------------

    private void connect() {
        InetSocketAddress address = new InetSocketAddress(workload.url().getHost(), workload.port());
        if (address.isUnresolved()) {
            throw failure(
                    ExitCode.UNREACHABLE, "no such host: " + workload.url().getHost());
        }
        for (int i = 0; i < workload.connections(); i++) {
            open(i, address);
            if (i % MAX_OPENING == MAX_OPENING - 1) {
                awaitReady();
            }
        }
        awaitReady();
    }

    /** Opens a connection: subscribers first, so that each has its RECEIPT before anything is sent. */
    private void open(int i, InetSocketAddress address) {
        int subscribers = workload.clients().subscribers();
        try {
            BenchConnection connection = i < subscribers ? subscriber(i) : publisher(i - subscribers);
            connections.add(connection);
            connection.connect(address);
        } catch (IOException e) {
            throw failure(ExitCode.UNREACHABLE, "no connection to " + workload.url() + ": " + e.getMessage());
        }
    }

    private BenchConnection subscriber(int i) throws IOException {
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

    private BenchPublisher publisher(int i) throws IOException {
        BenchPublisher publisher = new BenchPublisher(workload, i, destinations, meter, selector);
        publishers.add(publisher);
        return publisher;
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + CONNECT_TIMEOUT.toNanos();
        while (!connections.stream().allMatch(BenchConnection::isReady)) {
            for (BenchConnection connection : connections) {
                connection.failure().ifPresent(reason -> {
                    throw failure(connection.exitCode(), reason);
                });
            }
            if (System.nanoTime() - deadline > 0) {
                throw failure(
                        ExitCode.TIMED_OUT,
                        "no answer from " + workload.url() + " within " + CONNECT_TIMEOUT.toSeconds() + " s");
            }
            select(TICK.toNanos());
        }
    }

    private static CommandException failure(ExitCode exitCode, String sentence) {
        return new CommandException(exitCode, sentence, "fanfare bench --help");
    }

    // ---- running --------------------------------------------------------------------------------------------------

    private void turnUntil(long end, BooleanSupplier done) {
        long now = meter.now();
        while (now < end && !done.getAsBoolean()) {
            long next = Math.min(end, now + TICK.toNanos());
            for (BenchPublisher publisher : publishers) {
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

    /** Waits for sockets; java.nio counts in milliseconds, so the last one is spent polling. */
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
        ((BenchConnection) key.attachment()).serve(buffer);
    }

    private boolean isOver() {
        boolean sending = publishers.stream().anyMatch(connection -> !connection.isEnded());
        return !sending
                || connections.stream()
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
        connections.forEach(BenchConnection::leave);
        turnUntil(
                meter.now() + CLOSE_TIMEOUT.toNanos(),
                () -> connections.stream().allMatch(BenchConnection::isEnded));
    }

    @Override
    public void close() {
        connections.forEach(BenchConnection::close);
        try {
            selector.close();
        } catch (IOException e) {
            // the selector is not used any more
        }
    }
}
