package io.fanfare.server;

import io.fanfare.testing.RawTcp;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Takes from a queue, loses its connection again and again in the middle of its work, and writes down what it saw. */
final class HistoryConsumer {

    /** One MESSAGE that somebody read, and when. */
    record Sight(String body, boolean redelivered, long when) {}

    /** What all consumers together saw. */
    static final class Log {
        final List<Sight> sights = new CopyOnWriteArrayList<>();

        /** When the RECEIPT of an ACK was read. */
        final Map<String, Long> settled = new ConcurrentHashMap<>();

        final AtomicLong clock = new AtomicLong();
        volatile boolean ended;

        boolean hasSeen(String body) {
            return sights.stream().anyMatch(sight -> sight.body().equals(body));
        }
    }

    private static final int PREFETCH = 8;

    private final int port;
    private final String subscribe;
    private final Log log;
    private final Random random;
    private volatile RawTcp client;

    /** Whether {@link #end} was called; guarded by this. */
    private boolean ended;

    /** How many more deliveries of this connection may be forgotten: with no credit left it would wait for ever. */
    private int forgettable;

    HistoryConsumer(int port, String destination, Log log, long seed) {
        this.port = port;
        this.subscribe = "SUBSCRIBE\nid:0\ndestination:" + destination + "\nack:client-individual\nprefetch-count:"
                + PREFETCH + "\n\n^@";
        this.log = log;
        this.random = new Random(seed);
    }

    /** Works until {@link #end}. */
    void run() {
        while (!log.ended) {
            try {
                client = RawTcp.connect(port);
                work();
            } catch (UncheckedIOException e) {
                if (!log.ended) {
                    throw e;
                }
            } finally {
                client.close();
            }
        }
    }

    private void work() {
        if (log.ended) {
            // it has not been seen by end()
            return;
        }
        client.connects().sends(subscribe);
        forgettable = PREFETCH - 1;
        for (int left = 20 + random.nextInt(60); left > 0; left--) {
            read(client.frame());
        }
        client.reset();
    }

    private void read(String frame) {
        if (frame.startsWith("RECEIPT\n")) {
            log.settled.put(header(frame, "receipt-id"), log.clock.incrementAndGet());
            return;
        }
        String body = HistoryIT.body(frame);
        synchronized (this) {
            if (ended) {
                // another consumer may have had it since, so that the time would be wrong; it is in the queue, or was
                // seen there
                return;
            }
            log.sights.add(new Sight(body, frame.contains("\nredelivered:true\n"), log.clock.incrementAndGet()));
        }
        int whim = random.nextInt(8);
        if (whim == 0) {
            client.sends("NACK\nid:" + header(frame, "ack") + "\n\n^@");
        } else if (whim == 1 && forgettable > 0) {
            // it goes back when the connection ends
            forgettable--;
        } else {
            client.sends("ACK\nid:" + header(frame, "ack") + "\nreceipt:" + body + "\n\n^@");
        }
    }

    /** Cuts the connection, if there is one; {@link Log#ended} has been set before. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        RawTcp current = client;
        if (current != null) {
            current.close();
        }
    }

    static String header(String frame, String name) {
        int start = frame.indexOf("\n" + name + ":") + name.length() + 2;
        return frame.substring(start, frame.indexOf('\n', start));
    }
}
