package io.fanfare.examples.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.client.Subscription;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The books: follows every order until it is settled or a dead letter, and publishes the sums. */
final class Ledger implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PUBLISH_MILLIS = 200;

    private final StompClient client;
    private final Tally tally;
    private final Consumer<Counts> onComplete;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "orders-ledger");
        daemon.setDaemon(true);
        return daemon;
    });

    /** Whether all dead letters have come. */
    private final AtomicBoolean isBrowsed = new AtomicBoolean();

    // owned by the timer's thread
    private @Nullable Counts published;
    private @Nullable Subscription browsing;

    private Ledger(StompClient client, Tally tally, Consumer<Counts> onComplete) {
        this.client = client;
        this.tally = tally;
        this.onComplete = onComplete;
    }

    /**
     * Opens the books; returns when nothing that is published from now on escapes them.
     *
     * @param onComplete called whenever every order is accounted for and no more are to come
     */
    static Ledger open(StompClient client, Tally tally, Consumer<Counts> onComplete) {
        Ledger ledger = new Ledger(client, tally, onComplete);
        CompletableFuture.allOf(
                        client.subscribe(Destinations.EVENTS, ledger::onEvent).confirmed(),
                        client.subscribe(Destinations.SETTLED, ledger::onSettled)
                                .confirmed())
                .join();
        ledger.timer.scheduleWithFixedDelay(ledger::turn, 0, PUBLISH_MILLIS, TimeUnit.MILLISECONDS);
        return ledger;
    }

    private void onEvent(Frame message) {
        try {
            Event event = JSON.readValue(message.body(), Event.class);
            switch (event.what()) {
                case "taken" -> tally.taken(event.delivery() > 1);
                case "failed" -> tally.failed();
                default -> {
                    // what is done is counted where it cannot be lost
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onSettled(Frame message) {
        tally.done(message.required(Destinations.ORDER));
    }

    private void turn() {
        try {
            lookAtDeadLetters();
            publish(tally.counts());
        } catch (StompException e) {
            LOG.debug("the ledger's connection has ended", e);
        } catch (RuntimeException e) {
            // the executor does not repeat a task that has thrown
            LOG.error("the ledger's turn failed", e);
        }
    }

    /** Reads the dead letters without taking them: they are the operator's. */
    private void lookAtDeadLetters() {
        if (browsing != null && isBrowsed.getAndSet(false)) {
            browsing.unsubscribe();
            browsing = null;
        }
        if (browsing == null && tally.counts().open() > 0) {
            browsing = client.subscribe(Destinations.DEAD_LETTERS, Headers.of("browser", "true"), this::onDeadLetter);
        }
    }

    private void onDeadLetter(Frame message) {
        // the end of an empty queue is a message without an order
        message.headers().find(Destinations.ORDER).ifPresent(tally::dead);
        if (message.headers().has("browser", "end")) {
            isBrowsed.set(true);
        }
    }

    private void publish(Counts counts) {
        if (counts.equals(published)) {
            return;
        }
        published = counts;
        client.sendNow(Destinations.COUNTS, Headers.of("content-type", "application/json"), bytes(counts));
        if (counts.isComplete()) {
            onComplete.accept(counts);
        }
    }

    private static byte[] bytes(Counts counts) {
        try {
            return JSON.writeValueAsBytes(counts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        timer.shutdown();
    }
}
