package io.fanfare.cli.client;

import io.fanfare.cli.output.CommandException;
import io.fanfare.cli.output.ExitCode;
import io.fanfare.cli.output.Quantity;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Sends messages at a rate, with a limited number of RECEIPTs outstanding. One thread calls it. */
final class Publisher {

    /** Limit on the messages that wait for their RECEIPT. */
    private static final int WINDOW = 1000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final StompClient client;
    private final String destination;
    private final double rate;
    private final Duration timeout;
    private final Semaphore room = new Semaphore(WINDOW);
    private final Outcomes outcomes = new Outcomes();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final long start = System.nanoTime();
    private long sent;

    /**
     * Begins a run.
     *
     * @param rate messages per second; 0: no limit
     * @param timeout how long to wait for the RECEIPT of any message
     */
    Publisher(StompClient client, String destination, double rate, Duration timeout) {
        this.client = client;
        this.destination = destination;
        this.rate = rate;
        this.timeout = timeout;
    }

    /** Messages that have been handed to the client. */
    long sent() {
        return sent;
    }

    /**
     * Sends a message when it is due and the window has room.
     *
     * @throws StompException when the broker has refused an earlier one, or the connection has ended
     */
    void send(Headers headers, byte[] body) throws InterruptedException {
        if (rate > 0) {
            awaitDue();
        }
        acquire(1);
        sent++;
        client.send(destination, headers, body).whenComplete(this::settled);
    }

    private void awaitDue() {
        long due = start + (long) (sent * NANOS_PER_SECOND / rate);
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void settled(@Nullable Frame receipt, @Nullable Throwable failed) {
        if (receipt != null) {
            outcomes.add(receipt.headers());
        } else {
            failure.compareAndSet(null, failed);
        }
        room.release();
    }

    /** Waits until all messages have their RECEIPTs. */
    Outcomes finish() throws InterruptedException {
        acquire(WINDOW);
        return outcomes;
    }

    private void acquire(int permits) throws InterruptedException {
        for (int i = 0; i < permits; i++) {
            if (!room.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        "no RECEIPT within " + Quantity.millis(timeout.toMillis()) + ", with " + sent
                                + " messages sent",
                        "a longer --timeout");
            }
        }
        if (failure.get() instanceof StompException refused) {
            throw refused;
        } else if (failure.get() instanceof RuntimeException bug) {
            throw bug;
        }
    }
}
