package io.fanfare.examples.ticker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes price changes at a rate, as far as the machine can, and what the rate really is. Every change goes to the topic of
 * all prices and to that of its share.
 */
final class PricePublisher implements AutoCloseable {

    /** All prices; the last value by {@link #KEY}. */
    static final String PRICES = "/topic/prices";

    /** The prices of one share each. */
    static final String EACH = PRICES + ".*";

    /** The header with a price's symbol. */
    static final String KEY = "symbol";

    /** What the publisher does; the last value. */
    static final String STATUS = "/topic/ticker";

    /** Header {@code do}: {@code pause} or {@code resume}. */
    static final String CONTROL = "/topic/ticker.control";

    private static final Logger LOG = LoggerFactory.getLogger(PricePublisher.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Headers IS_JSON = Headers.of("content-type", "application/json");
    private static final Duration TICK = Duration.ofMillis(10);
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

    /** Ticks whose RECEIPT has not come; while there are so many, changes are left out, and not made good later. */
    private static final int MAX_UNCONFIRMED = 20;

    private final StompClient client;
    private final Market market;
    private final int rate;
    private final AtomicInteger unconfirmed = new AtomicInteger();
    private final AtomicLong confirmed = new AtomicLong();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "ticker-publisher");
        daemon.setDaemon(true);
        return daemon;
    });

    // owned by the publisher's thread
    private boolean isPaused;
    private double owed;
    private long lastTick;
    private long lastStatus;
    private long confirmedBefore;

    private PricePublisher(StompClient client, Market market, int rate) {
        this.client = client;
        this.market = market;
        this.rate = rate;
    }

    /**
     * Begins to publish.
     *
     * @param rate changes a second
     */
    static PricePublisher start(URI broker, Market market, int rate) {
        PricePublisher publisher = new PricePublisher(
                StompClient.builder(broker)
                        .connectTimeout(Duration.ofMinutes(1))
                        .connect(),
                market,
                rate);
        publisher.client.subscribe(CONTROL, publisher::control).confirmed().join();
        publisher.thread.execute(publisher::open);
        publisher.every(TICK, publisher::tick);
        publisher.every(STATUS_INTERVAL, publisher::status);
        return publisher;
    }

    private void every(Duration interval, Runnable task) {
        thread.scheduleAtFixedRate(() -> guarded(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (StompException e) {
            LOG.debug("not published", e);
        } catch (RuntimeException e) {
            // the executor does not repeat a task that has thrown
            LOG.error("not published", e);
        }
    }

    private void control(Frame message) {
        boolean pause = message.headers().has("do", "pause");
        thread.execute(() -> guarded(() -> pause(pause)));
    }

    private void open() {
        lastTick = System.nanoTime();
        lastStatus = lastTick;
        market.open().forEach(quote -> client.sendNow(destination(quote), headers(quote), bytes(quote)));
        status();
    }

    private void pause(boolean pause) {
        isPaused = pause;
        owed = 0;
        // behind the last change, so that a page which has this has that, too
        status();
    }

    private void tick() {
        long now = System.nanoTime();
        // a machine that is late does not make more than a tenth of a second good
        owed = Math.min(owed + rate * seconds(now - lastTick), Math.max(1, rate / 10.0));
        lastTick = now;
        if (isPaused || unconfirmed.get() >= MAX_UNCONFIRMED) {
            owed = 0;
            return;
        }
        int due = (int) owed;
        owed -= due;
        for (int i = 1; i < due; i++) {
            Quote quote = market.change();
            client.sendNow(destination(quote), headers(quote), bytes(quote));
        }
        if (due > 0) {
            confirm(market.change());
        }
    }

    /** Sends the last change of a tick; its RECEIPT says that the broker has the others as well. */
    private void confirm(Quote last) {
        unconfirmed.incrementAndGet();
        CompletableFuture<Frame> receipt = client.send(destination(last), headers(last), bytes(last));
        receipt.whenComplete((frame, failure) -> {
            unconfirmed.decrementAndGet();
            if (failure == null) {
                confirmed.accumulateAndGet(last.n(), Math::max);
            }
        });
    }

    private void status() {
        long now = System.nanoTime();
        long sure = confirmed.get();
        double measured = (sure - confirmedBefore) / Math.max(seconds(now - lastStatus), 0.001);
        lastStatus = now;
        confirmedBefore = sure;
        Status status = new Status(rate, Math.round(measured), market.changes(), market.sum(), isPaused);
        client.sendNow(STATUS, IS_JSON, bytes(status));
    }

    /**
     * What the publisher tells.
     *
     * @param wanted changes a second that it was asked for
     * @param rate changes a second that the broker has confirmed lately
     * @param changes how many there were
     * @param sum see {@link Market#sum}
     */
    record Status(int wanted, long rate, long changes, long sum, boolean paused) {}

    private static String destination(Quote quote) {
        return PRICES + "," + PRICES + "." + quote.symbol();
    }

    private static Headers headers(Quote quote) {
        return IS_JSON.with(Headers.of(KEY, quote.symbol()));
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops publishing and closes the connection. */
    @Override
    public void close() {
        thread.execute(client::close);
        thread.shutdown();
    }
}
