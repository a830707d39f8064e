package io.fanfare.nats.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.client.StompClient;
import io.fanfare.frame.Headers;
import io.fanfare.nats.history.Event.Kind;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Sends messages with receipts to one destination, several on their way; each connection is a publisher of its own. */
final class Publisher extends Worker {

    private static final int ON_THEIR_WAY = 8;
    private static final long PAUSE_MILLIS = 5;
    private static final long STAY_MILLIS = 10_000;

    private final String destination;

    Publisher(History history, List<URI> nodes, String destination, long seed) {
        super(history, nodes, "publisher", seed);
        this.destination = destination;
    }

    @Override
    void work(StompClient client, String name, CountDownLatch closed) {
        Semaphore room = new Semaphore(ON_THEIR_WAY);
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextLong(STAY_MILLIS));
        for (long number = 1; goesOn() && System.nanoTime() < end && !await(closed, PAUSE_MILLIS); number++) {
            if (room.tryAcquire()) {
                send(client, name, name + ":" + number, room);
            } else {
                number--;
            }
        }
        // what is on its way gets its answer
        tryAcquireAll(room);
    }

    private void send(StompClient client, String name, String message, Semaphore room) {
        history.add(Kind.SEND, name, destination, message);
        client.send(destination, Headers.EMPTY, message.getBytes(UTF_8)).whenComplete((receipt, failure) -> {
            if (failure == null) {
                String nodes = receipt.headers().get("nodes");
                history.add(Kind.SENT, name, destination, message, nodes == null ? 0 : Long.parseLong(nodes), false);
            } else {
                history.add(Kind.UNKNOWN, name, destination, message);
            }
            room.release();
        });
    }

    private static void tryAcquireAll(Semaphore room) {
        try {
            room.tryAcquire(ON_THEIR_WAY, 40, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
