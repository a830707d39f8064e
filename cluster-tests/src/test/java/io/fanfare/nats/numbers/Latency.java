package io.fanfare.nats.numbers;

import io.fanfare.nats.internal.connect.Flush;
import io.nats.client.Connection;
import io.nats.client.Nats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How long messages take from the publisher to a subscriber at a low rate, as medians in microseconds; the clock is one process's. */
final class Latency {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1) / 500;
    private static final String TOPIC = "/topic/latency";
    private static final String SUBJECT = "numbers.latency";
    private static final Duration ARRIVING = Duration.ofSeconds(10);
    private static final String FILL = "x".repeat(ClusterNumbers.BODY_BYTES);

    private Latency() {}

    /** Sends the n-th message. */
    private interface Sender {

        void send(int n) throws IOException;
    }

    /** Medians of the same messages at a subscriber of each port, sent at the first one. */
    static List<Double> ofNodes(List<Integer> ports, Duration time) throws IOException, InterruptedException {
        int count = count(time);
        List<StompLine> lines = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        List<long[]> arrivals = new ArrayList<>();
        try {
            for (int port : ports) {
                StompLine line = StompLine.connect(port);
                lines.add(line);
                line.subscribe(TOPIC, "");
                long[] arrived = new long[count];
                arrivals.add(arrived);
                readers.add(start(line, arrived));
            }
            StompLine publisher = StompLine.connect(ports.get(0));
            lines.add(publisher);
            long[] sent = pace(count, n -> {
                publisher.send("SEND\ndestination:" + TOPIC + "\n\n" + n + FILL + "\0");
                publisher.flush();
            });
            for (Thread reader : readers) {
                reader.join(ARRIVING.toMillis());
            }
            return arrivals.stream().map(arrived -> median(sent, arrived)).toList();
        } finally {
            for (StompLine each : lines) {
                each.close();
            }
        }
    }

    private static Thread start(StompLine line, long[] arrived) {
        Thread reader = new Thread(() -> {
            try {
                for (int i = 0; i < arrived.length; i++) {
                    String body = StompLine.body(line.next());
                    arrived[Integer.parseInt(body, 0, body.indexOf('x'), 10)] = System.nanoTime();
                }
            } catch (IOException e) {
                // its messages have not arrived, which the median tells
                System.err.println(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** The median of publish and subscribe through one NATS server. */
    static double ofCore(String server, Duration time) throws IOException, InterruptedException {
        int count = count(time);
        long[] arrived = new long[count];
        try (Connection subscriber = Nats.connect(server);
                Connection publisher = Nats.connect(server)) {
            subscriber
                    .createDispatcher(message ->
                            arrived[ByteBuffer.wrap(message.getData()).getInt()] = System.nanoTime())
                    .subscribe(SUBJECT);
            Flush.of(subscriber);
            long[] sent = pace(
                    count,
                    n -> publisher.publish(
                            SUBJECT,
                            ByteBuffer.allocate(ClusterNumbers.BODY_BYTES)
                                    .putInt(n)
                                    .array()));
            Flush.of(publisher);
            Flush.of(subscriber);
            return median(sent, arrived);
        }
    }

    private static int count(Duration time) {
        return (int) (time.toNanos() / INTERVAL_NANOS);
    }

    /** Sends messages at the rate; when each was sent. */
    private static long[] pace(int count, Sender sender) throws IOException {
        long[] sent = new long[count];
        long start = System.nanoTime();
        for (int n = 0; n < count; n++) {
            long due = start + n * INTERVAL_NANOS;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            sent[n] = System.nanoTime();
            sender.send(n);
        }
        return sent;
    }

    private static double median(long[] sent, long[] arrived) {
        List<Double> micros = new ArrayList<>();
        for (int n = 0; n < sent.length; n++) {
            if (arrived[n] == 0) {
                throw new IllegalStateException("message " + n + " has not arrived");
            }
            micros.add((arrived[n] - sent[n]) / 1e3);
        }
        return Rounds.median(micros);
    }
}
