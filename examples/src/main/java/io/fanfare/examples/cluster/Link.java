package io.fanfare.examples.cluster;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.HeartBeat;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client that connects again, 0.1 s after its connection has ended, for ever. */
final class Link {

    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final long PAUSE_MILLIS = 100;

    private final URI broker;
    private final Consumer<StompClient> onConnected;
    private final AtomicInteger losses = new AtomicInteger();
    private volatile @Nullable StompClient client;

    /**
     * Begins to connect, on a thread of its own.
     *
     * @param onConnected called by that thread with each new connection; what it throws ends that connection
     */
    Link(String name, URI broker, Consumer<StompClient> onConnected) {
        this.broker = broker;
        this.onConnected = onConnected;
        Thread daemon = new Thread(this::run, name);
        daemon.setDaemon(true);
        daemon.start();
    }

    /** The newest connection; null before the first, and where it has ended. */
    @Nullable
    StompClient client() {
        StompClient newest = client;
        return newest != null && newest.isOpen() ? newest : null;
    }

    /** How many connections have ended. */
    int losses() {
        return losses.get();
    }

    private void run() {
        try {
            while (true) {
                connect();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when the connection has ended, or could not be had. */
    private void connect() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (StompClient next = StompClient.builder(broker)
                .heartBeat(new HeartBeat(SILENCE, SILENCE))
                .connectTimeout(SILENCE)
                // a loss is counted, and its reason is in the node's log
                .onError(error -> {})
                .onClose(ended::countDown)
                .connect()) {
            onConnected.accept(next);
            client = next;
            ended.await();
            losses.incrementAndGet();
        } catch (StompException e) {
            // the next attempt may find another node
        }
    }
}
