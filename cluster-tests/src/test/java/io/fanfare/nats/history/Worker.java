package io.fanfare.nats.history;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.nats.history.Event.Kind;
import java.net.URI;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A client that connects again, to another node, for as long as the run goes on. */
abstract class Worker implements Runnable {

    private static final long RETRY_MILLIS = 100;

    final History history;
    final Random random;
    private final List<URI> nodes;
    private final String kind;
    private volatile boolean stops;

    /** What it was told by brokers, each once. */
    private final Set<String> errors = ConcurrentHashMap.newKeySet();

    Worker(History history, List<URI> nodes, String kind, long seed) {
        this.history = history;
        this.nodes = nodes;
        this.kind = kind;
        this.random = new Random(seed);
    }

    /** What brokers have refused, for the log of a run. */
    final Set<String> errors() {
        return errors;
    }

    /** Has it end in order, soon. */
    final void stop() {
        stops = true;
    }

    final boolean goesOn() {
        return !stops;
    }

    @Override
    public final void run() {
        while (goesOn()) {
            String name = history.connection(kind);
            CountDownLatch closed = new CountDownLatch(1);
            URI node = nodes.get(random.nextInt(nodes.size()));
            try (StompClient client = greeting(StompClient.builder(node))
                    .onClose(() -> {
                        history.add(Kind.CLOSED, name, "", "");
                        closed.countDown();
                    })
                    .onError(refused -> errors.add(refused.getMessage()))
                    .connect()) {
                history.add(Kind.CONNECTED, name, "", "", nodes.indexOf(node), false);
                work(client, name, closed);
                // what it has is no longer its own from here on, whatever comes meanwhile
                history.add(Kind.CLOSED, name, "", "");
            } catch (StompException e) {
                // the node has gone, or is not there yet
                await(closed, RETRY_MILLIS);
            }
        }
    }

    /** Adds what its CONNECT has beyond the usual. */
    StompClient.Builder greeting(StompClient.Builder builder) {
        return builder;
    }

    /** Works until the connection has ended, the run ends, or it has had enough of this node. */
    abstract void work(StompClient client, String name, CountDownLatch closed);

    /** Waits for the end of the connection, at most so long; true when it has come. */
    static boolean await(CountDownLatch closed, long millis) {
        try {
            return closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
