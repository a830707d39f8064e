package io.fanfare.nats.history;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.nats.history.Event.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Consumes a queue: confirms most messages, gives some back, and leaves now and then with what it has. */
final class QueueWorker extends Worker {

    private static final Headers CLIENT_INDIVIDUAL = Headers.of("ack", "client-individual", "prefetch-count", "10");

    private final String queue;

    /** Whether it confirms everything and stays. */
    private volatile boolean drains;

    QueueWorker(History history, List<URI> nodes, String queue, long seed) {
        super(history, nodes, "worker", seed);
        this.queue = queue;
    }

    /** From now on it confirms everything that it gets. */
    void drains() {
        drains = true;
    }

    @Override
    void work(StompClient client, String name, CountDownLatch closed) {
        CountDownLatch leaves = new CountDownLatch(1);
        client.subscribe(queue, CLIENT_INDIVIDUAL, message -> received(client, name, message, leaves));
        while (goesOn() && !await(closed, 50) && leaves.getCount() > 0) {
            // the messages come to the callback
        }
    }

    private void received(StompClient client, String name, Frame message, CountDownLatch leaves) {
        String id = new String(message.body(), StandardCharsets.UTF_8);
        if (leaves.getCount() == 0) {
            // it is about to go, and what comes now is given back with the rest
            return;
        }
        history.add(Kind.RECEIVED, name, queue, id, 0, message.headers().has("redelivered", "true"));
        int what = drains ? 0 : random.nextInt(100);
        try {
            if (what < 90) {
                history.add(Kind.ACK, name, queue, id);
                client.ackConfirmed(message, Headers.EMPTY)
                        .thenAccept(receipt -> history.add(Kind.ACKED, name, queue, id));
            } else if (what < 98) {
                history.add(Kind.NACK, name, queue, id);
                client.nack(message);
            } else {
                leaves.countDown();
            }
        } catch (StompException e) {
            // the connection has ended
            leaves.countDown();
        }
    }
}
