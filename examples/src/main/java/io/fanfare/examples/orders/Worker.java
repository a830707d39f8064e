package io.fanfare.examples.orders;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfare.client.StompClient;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One worker, a process of its own: takes orders one after the other and settles each, until its connection or its process
 * ends. What it has not settled by then goes to another worker.
 */
final class Worker {

    /** Orders that the broker hands out to a worker ahead: the next one is there when it has settled one. */
    private static final int PREFETCH = 4;

    private static final Headers IS_JSON = Headers.of("content-type", "application/json");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Eight of these processes start at once, each with a JVM to warm up, on a machine that may be busy with other work. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String name;
    private final Duration work;
    private final StompClient client;

    /** Has at most {@link #PREFETCH}, as the broker sends no more before an ACK or NACK. */
    private final BlockingQueue<Frame> orders = new LinkedBlockingQueue<>();

    private int taken;
    private int done;
    private int failed;

    private Worker(URI broker, String name, Duration work) {
        this.name = name;
        this.work = work;
        this.client = StompClient.builder(broker)
                .connectTimeout(PATIENCE)
                // there is nothing to do without a broker, and nothing to tidy up: it gives the orders to others
                .onClose(() -> Runtime.getRuntime().halt(0))
                .connect();
    }

    /** Arguments: the broker's URL, the worker's name, the milliseconds that an order takes. */
    public static void main(String... arguments) throws InterruptedException {
        Duration work = Duration.ofMillis(Long.parseLong(arguments[2]));
        new Worker(URI.create(arguments[0]), arguments[1], work).run();
    }

    private void run() throws InterruptedException {
        says("idle", "");
        Headers asked = Headers.of("ack", "client-individual", "prefetch-count", String.valueOf(PREFETCH));
        client.subscribe(Destinations.ORDERS, asked, orders::add).confirmed().join();
        while (true) {
            handle(orders.take());
        }
    }

    private void handle(Frame message) throws InterruptedException {
        String id = message.required(Destinations.ORDER);
        int delivery =
                message.headers().find("delivery-count").map(Integer::valueOf).orElse(1);
        taken++;
        says("working", id);
        tells(id, "taken", delivery, "");
        try {
            Order order = Order.read(message.body());
            // packing it
            Thread.sleep(work.toMillis());
            order.charge(delivery);
            settle(message, id);
            done++;
            tells(id, "done", delivery, order.item());
        } catch (Order.UnsettledException e) {
            giveBack(message, delivery);
            failed++;
            tells(id, "failed", delivery, e.reason());
        }
        says("idle", "");
    }

    /**
     * Tells the ledger and acknowledges the order, both or neither: a worker that is killed before the COMMIT has done nothing,
     * and the next one settles the order; after it the order is not delivered again.
     */
    private void settle(Frame message, String id) {
        Headers together = Headers.of("transaction", id);
        Headers entry = Headers.of(Destinations.ORDER, id, Destinations.WORKER, name);
        CompletableFuture<Frame> begun = client.begin(id);
        CompletableFuture<Frame> sent = client.send(Destinations.SETTLED, entry.with(together), new byte[0]);
        client.ack(message, together);
        CompletableFuture.allOf(begun, sent, client.commit(id)).join();
    }

    /** The longer it has failed, the longer it waits: what is wrong with it takes its time, and others are not held up. */
    private void giveBack(Frame message, int delivery) {
        client.nack(message, Headers.of("redelivery-delay", String.valueOf(100L << delivery)));
    }

    private void says(String state, String order) {
        Map<String, Object> now = new LinkedHashMap<>();
        now.put("worker", name);
        now.put("pid", ProcessHandle.current().pid());
        now.put("state", state);
        now.put("order", order);
        now.put("taken", taken);
        now.put("done", done);
        now.put("failed", failed);
        client.sendNow(Destinations.WORKERS, IS_JSON.with(Headers.of(Destinations.WORKER, name)), bytes(now));
    }

    private void tells(String order, String what, int delivery, String note) {
        Event event = new Event(System.currentTimeMillis(), order, what, name, delivery, note);
        client.sendNow(Destinations.EVENTS, IS_JSON, bytes(event));
    }

    private static byte[] bytes(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
