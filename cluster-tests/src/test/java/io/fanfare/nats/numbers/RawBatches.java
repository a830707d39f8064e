package io.fanfare.nats.numbers;

import io.fanfare.nats.internal.connect.Flush;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What core NATS carries of records when many are in one message: one publisher, some receivers, a closed loop as {@link Fanout}'s. */
final class RawBatches {

    private static final String SUBJECT = "numbers.batches";

    private RawBatches() {}

    /**
     * Records a second at each receiver.
     *
     * @param batch records of one message
     * @param window how many records the publisher is ahead of the slowest receiver
     */
    static double rate(String server, int receivers, int batch, int window, Duration warmUp, Duration time)
            throws IOException, InterruptedException {
        List<Connection> connections = new ArrayList<>();
        try {
            List<AtomicLong> counts = new ArrayList<>();
            Semaphore received = new Semaphore(0);
            for (int i = 0; i < receivers; i++) {
                AtomicLong count = new AtomicLong();
                counts.add(count);
                Connection connection = connect(server, connections);
                Dispatcher dispatcher = connection.createDispatcher();
                dispatcher.subscribe(SUBJECT, message -> {
                    count.lazySet(count.get() + 1);
                    received.release();
                });
                Flush.of(connection);
            }
            Connection publisher = connect(server, connections);
            byte[] message = new byte[batch * ClusterNumbers.BODY_BYTES];
            long sent = publish(publisher, message, 0, counts, received, window / batch, warmUp);
            long before = slowest(counts);
            long start = System.nanoTime();
            publish(publisher, message, sent, counts, received, window / batch, time);
            return (slowest(counts) - before) * batch * 1e9 / (System.nanoTime() - start);
        } finally {
            for (Connection each : connections) {
                each.close();
            }
        }
    }

    private static Connection connect(String server, List<Connection> connections)
            throws IOException, InterruptedException {
        Connection connection = Nats.connect(server);
        connections.add(connection);
        return connection;
    }

    /** Publishes for a time; how many messages have been sent with it. */
    private static long publish(
            Connection publisher,
            byte[] message,
            long sentBefore,
            List<AtomicLong> counts,
            Semaphore received,
            int window,
            Duration time)
            throws InterruptedException {
        long sent = sentBefore;
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            long last = slowest(counts) + window;
            for (; sent < last; sent++) {
                publisher.publish(SUBJECT, message);
            }
            if (slowest(counts) + window <= sent && received.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                received.drainPermits();
            }
        }
        return sent;
    }

    private static long slowest(List<AtomicLong> counts) {
        return counts.stream().mapToLong(AtomicLong::get).min().orElse(0);
    }
}
