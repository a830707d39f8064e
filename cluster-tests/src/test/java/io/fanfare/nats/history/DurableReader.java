package io.fanfare.nats.history;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.client.Subscription;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.nats.history.Event.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has a durable subscription to a kept topic, now at this node and now at that one: confirms most messages, gives some
 * back, and keeps some until it goes. Two of them with one subscription take it over from each other.
 */
final class DurableReader extends Worker {

    private static final int AWAY_MILLIS = 2_000;

    /** Of a hundred that it may have at once. */
    private static final int KEEPS_AT_MOST = 20;

    private static final int STAY_MILLIS = 6_000;

    private final String topic;
    private final String subscription;

    /** Whether it confirms everything and stays. */
    private volatile boolean drains;

    /**
     * A reader.
     *
     * @param subscription the name of the durable subscription, which its events have as their destination
     */
    DurableReader(History history, List<URI> nodes, String topic, String subscription, long seed) {
        super(history, nodes, "durable", seed);
        this.topic = topic;
        this.subscription = subscription;
    }

    /** From now on it confirms everything that it gets. */
    void drains() {
        drains = true;
    }

    @Override
    StompClient.Builder greeting(StompClient.Builder builder) {
        return builder.header("client-id", subscription);
    }

    @Override
    void work(StompClient client, String name, CountDownLatch closed) {
        if (await(closed, random.nextInt(AWAY_MILLIS))) {
            return;
        }
        Headers durable = Headers.of("id", "d", "durable", "true", "ack", "client-individual");
        AtomicInteger kept = new AtomicInteger();
        history.add(Kind.SUBSCRIBE, name, subscription, "");
        Subscription begun = client.subscribe(topic, durable, message -> received(client, name, message, kept));
        begun.confirmed().thenAccept(receipt -> {
            boolean recovered = receipt.headers().has("recovered", "true");
            history.add(Kind.SUBSCRIBED, name, subscription, "", 0, recovered);
        });
        do {
            await(closed, 1 + random.nextInt(STAY_MILLIS));
        } while (goesOn() && closed.getCount() > 0 && (drains || random.nextInt(3) > 0));
    }

    private void received(StompClient client, String name, Frame message, AtomicInteger kept) {
        String id = new String(message.body(), StandardCharsets.UTF_8);
        history.add(Kind.RECEIVED, name, subscription, id, 0, message.headers().has("redelivered", "true"));
        int what = drains || kept.get() == KEEPS_AT_MOST ? 0 : random.nextInt(100);
        try {
            if (what < 80) {
                history.add(Kind.ACK, name, subscription, id);
                client.ackConfirmed(message, Headers.EMPTY)
                        .thenAccept(receipt -> history.add(Kind.ACKED, name, subscription, id));
            } else if (what < 85) {
                history.add(Kind.NACK, name, subscription, id);
                client.nack(message);
            } else {
                kept.incrementAndGet();
            }
        } catch (StompException e) {
            // the connection has ended
        }
    }
}
