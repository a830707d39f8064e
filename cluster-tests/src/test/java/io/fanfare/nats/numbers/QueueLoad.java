package io.fanfare.nats.numbers;

import io.fanfare.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Producers that wait for RECEIPTs and consumers that acknowledge each message, at any STOMP broker. */
final class QueueLoad implements AutoCloseable {

    private static final String BODY = "x".repeat(ClusterNumbers.BODY_BYTES);

    private final String queue;
    private final String type;
    private final List<StompLine> lines = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile boolean ends;

    private QueueLoad(String queue, String type) {
        this.queue = queue;
        this.type = type;
    }

    /**
     * Messages a second that were acknowledged.
     *
     * @param clients producers, and as many consumers
     * @param outstanding SENDs without a RECEIPT, of all producers
     * @param type a header that says what kind of queue it is, with its end of line; empty: none
     */
    static double rate(
            int port, String queue, String type, int clients, int outstanding, Duration warmUp, Duration time)
            throws IOException, InterruptedException {
        try (QueueLoad load = new QueueLoad(queue, type)) {
            for (int i = 0; i < clients; i++) {
                load.consume(port);
            }
            for (int i = 0; i < clients; i++) {
                load.produce(port, outstanding / clients);
            }
            TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
            long before = load.acknowledged.get();
            long start = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
            double rate = (load.acknowledged.get() - before) * 1e9 / (System.nanoTime() - start);
            load.ends = true;
            Await.until("all is acknowledged: " + load, load::isEmpty);
            return rate;
        }
    }

    private boolean isEmpty() {
        return confirmed.get() == sent.get() && acknowledged.get() >= sent.get();
    }

    private StompLine connect(int port) throws IOException {
        StompLine line = StompLine.connect(port);
        lines.add(line);
        return line;
    }

    private void produce(int port, int outstanding) throws IOException {
        StompLine line = connect(port);
        Semaphore room = new Semaphore(outstanding);
        String frame = "SEND\ndestination:" + queue + "\n" + type + "persistent:true\nreceipt:r\n\n" + BODY + "\0";
        start(() -> {
            while (!ends) {
                if (!room.tryAcquire()) {
                    line.flush();
                    room.acquire();
                }
                line.send(frame);
                sent.incrementAndGet();
            }
            line.flush();
        });
        start(() -> {
            while (true) {
                line.next();
                confirmed.incrementAndGet();
                room.release();
            }
        });
    }

    private void consume(int port) throws IOException {
        StompLine line = connect(port);
        line.subscribe(queue, type + "ack:client-individual\nprefetch-count:100\n");
        start(() -> {
            while (true) {
                String message = line.next();
                line.send("ACK\nid:" + StompLine.header(message, "ack") + "\n\n\0");
                if (!line.hasMore()) {
                    line.flush();
                }
                acknowledged.incrementAndGet();
            }
        });
    }

    /** What a client does until its connection is closed. */
    private interface Work {

        void run() throws IOException, InterruptedException;
    }

    private void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                if (!ends) {
                    System.err.println(e);
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        ends = true;
        for (StompLine each : lines) {
            each.close();
        }
    }

    @Override
    public String toString() {
        return "sent " + sent + ", confirmed " + confirmed + ", acknowledged " + acknowledged;
    }
}
