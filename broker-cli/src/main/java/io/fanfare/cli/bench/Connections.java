package io.fanfare.cli.bench;

import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The connections of a run and the selector that they share. Owned by the generator's thread. */
final class Connections implements AutoCloseable {

    /** Limit on connections that are being opened at a time; a listener's backlog is often 128. */
    private static final int MAX_OPENING = 64;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofMillis(100);

    /** Makes a connection that has not begun to connect. */
    @FunctionalInterface
    interface Opener {

        BenchConnection open(Selector selector) throws IOException;
    }

    private final Workload workload;
    private final ReceiveBuffer buffer;
    private final List<BenchConnection> all = new ArrayList<>();
    private final Selector selector;
    private int opening;

    Connections(Workload workload) {
        this.workload = workload;
        this.buffer = new ReceiveBuffer(workload.traffic().size());
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector: " + e.getMessage(), e);
        }
    }

    /** All that have been opened, in that order. */
    List<BenchConnection> all() {
        return all;
    }

    /**
     * Opens one more; waits for all when many are being opened.
     *
     * @throws CommandException when one could not be made
     */
    void open(Opener opener) {
        InetSocketAddress address = new InetSocketAddress(workload.url().getHost(), workload.port());
        if (address.isUnresolved()) {
            throw failure(
                    ExitCode.UNREACHABLE, "no such host: " + workload.url().getHost());
        }
        try {
            BenchConnection connection = opener.open(selector);
            all.add(connection);
            connection.connect(address);
        } catch (IOException e) {
            throw failure(ExitCode.UNREACHABLE, "no connection to " + workload.url() + ": " + e.getMessage());
        }
        if (++opening == MAX_OPENING) {
            awaitReady();
        }
    }

    /**
     * Waits until all are ready.
     *
     * @throws CommandException when one has failed, or is not within ten seconds
     */
    void awaitReady() {
        opening = 0;
        long deadline = System.nanoTime() + CONNECT_TIMEOUT.toNanos();
        while (!all.stream().allMatch(BenchConnection::isReady)) {
            failIfOneHas();
            if (System.nanoTime() - deadline > 0) {
                throw failure(
                        ExitCode.TIMED_OUT,
                        "no answer from " + workload.url() + " within " + CONNECT_TIMEOUT.toSeconds() + " s");
            }
            select(TICK.toNanos());
        }
    }

    /**
     * Makes sure that none has failed.
     *
     * @throws CommandException when one has; the first one's reason
     */
    void failIfOneHas() {
        for (BenchConnection connection : all) {
            connection.failure().ifPresent(reason -> {
                throw failure(connection.exitCode(), reason);
            });
        }
    }

    static CommandException failure(ExitCode exitCode, String sentence) {
        return new CommandException(exitCode, sentence, "fanfare bench --help");
    }

    /** Waits for sockets; java.nio counts in milliseconds, so the last one is spent polling. */
    void select(long nanos) {
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

    /** Closes all sockets at once, without a Close, and forgets them. */
    void cut() {
        all.forEach(BenchConnection::close);
        all.clear();
    }

    @Override
    public void close() {
        all.forEach(BenchConnection::close);
        try {
            selector.close();
        } catch (IOException e) {
            // the selector is not used any more
        }
    }
}
