package io.fanfare.examples.orders;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shop: places orders, each until a RECEIPT says that the broker has it. A RECEIPT may be lost with its connection, so that
 * an order is sent twice; its {@code dedup-id} has the broker take it once.
 */
final class Producer implements AutoCloseable {

    /** After one of so many orders the connection is cut before the RECEIPT is looked at. */
    static final int CUT_EVERY = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Producer.class);

    private final URI broker;
    private final Tally tally;
    private final int limit;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "orders-producer");
        daemon.setDaemon(true);
        return daemon;
    });

    private volatile boolean isPaused;

    // owned by the producer's thread
    private @Nullable StompClient client;
    private int number;
    private @Nullable Order unconfirmed;
    private int attempts;

    private Producer(URI broker, Tally tally, int limit) {
        this.broker = broker;
        this.tally = tally;
        this.limit = limit;
    }

    /**
     * Begins to place orders.
     *
     * @param rate orders a second
     * @param limit how many in all; 0: no limit
     */
    static Producer start(URI broker, Tally tally, int rate, int limit) {
        Producer producer = new Producer(broker, tally, limit);
        producer.tell();
        producer.thread.scheduleAtFixedRate(
                producer::next, 0, TimeUnit.SECONDS.toNanos(1) / rate, TimeUnit.NANOSECONDS);
        return producer;
    }

    void pause(boolean paused) {
        isPaused = paused;
        thread.execute(this::tell);
    }

    /** Places an order, or sends the last one again when its RECEIPT has not come. */
    private void next() {
        try {
            if (unconfirmed == null) {
                if (isPaused || isAtLimit()) {
                    return;
                }
                number++;
                unconfirmed = Order.of(number);
                attempts = 0;
            }
            attempts++;
            place(unconfirmed);
        } catch (CompletionException | StompException e) {
            LOG.debug("no RECEIPT for order {}, sending it again", number, e);
        } catch (RuntimeException e) {
            // the executor does not repeat a task that has thrown
            LOG.error("order {} not placed", number, e);
        }
    }

    private boolean isAtLimit() {
        return limit > 0 && number >= limit;
    }

    private void tell() {
        if (unconfirmed != null) {
            tally.shop(Shop.OPEN);
        } else if (isAtLimit()) {
            tally.shop(Shop.SOLD_OUT);
        } else {
            tally.shop(isPaused ? Shop.CLOSED : Shop.OPEN);
        }
    }

    private void place(Order order) {
        String id = Order.idOf(order.number());
        tally.placing(id);
        Headers headers = Headers.of(Destinations.ORDER, id, "dedup-id", id, "content-type", "application/json");
        StompClient open = connected();
        CompletableFuture<Frame> receipt = open.send(Destinations.ORDERS, headers, order.toBody());
        if (attempts == 1 && order.number() % CUT_EVERY == 0) {
            // what a broken line does: the order is in, and its RECEIPT is never seen
            open.close();
            return;
        }
        tally.placed(receipt.join().headers().has("duplicate", "true"));
        unconfirmed = null;
        tell();
    }

    private StompClient connected() {
        StompClient open = client;
        if (open == null || !open.isOpen()) {
            // the window of dedup-ids belongs to the client-id, and so outlives the connection
            open = StompClient.builder(broker).header("client-id", "shop").connect();
            client = open;
        }
        return open;
    }

    @Override
    public void close() {
        thread.execute(() -> {
            if (client != null) {
                client.close();
            }
        });
        thread.shutdown();
    }
}
