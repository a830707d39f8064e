package io.fanfare.examples.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fanfare.client.StompClient;
import io.fanfare.client.StompException;
import io.fanfare.frame.Headers;
import java.net.URI;
import java.util.BitSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sends numbered messages to a live topic, and with a receipt to one that is kept. */
final class Publisher {

    static final String LIVE = "/topic/demo.live";
    static final String KEPT = "/topic/demo.kept";
    static final String FROM = "from";
    static final long INTERVAL_MILLIS = 20;

    private final int id;
    private final Link link;
    private final BitSet receipted = new BitSet();
    private int number;

    Publisher(int id, URI broker, ScheduledExecutorService timer) {
        this.id = id;
        this.link = new Link("publisher-" + id, broker, client -> {});
        timer.scheduleAtFixedRate(this::publish, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    int id() {
        return id;
    }

    int losses() {
        return link.losses();
    }

    /** The numbers of the kept messages that the broker has confirmed. */
    BitSet receipted() {
        synchronized (receipted) {
            return (BitSet) receipted.clone();
        }
    }

    private void publish() {
        StompClient client = link.client();
        if (client == null) {
            return;
        }
        int now = number++;
        byte[] body = String.valueOf(now).getBytes(UTF_8);
        Headers headers = Headers.of(FROM, String.valueOf(id));
        try {
            client.sendNow(LIVE, headers, body);
            client.send(KEPT, headers, body).thenAccept(receipt -> {
                synchronized (receipted) {
                    receipted.set(now);
                }
            });
        } catch (StompException e) {
            // the connection has just ended
        }
    }
}
