package io.fanfare.testkit.internal;

import io.fanfare.broker.Broker;
import java.time.Duration;
import java.util.Set;

/** Throws away what the destinations of a broker hold. */
public final class Reset {

    private static final Duration ENDING = Duration.ofSeconds(5);

    private Reset() {}

    /**
     * Waits for the end of some sessions, then throws away what is held for clients: messages, also such that wait for their delay,
     * {@code dedup-id}s, what topics keep, and the durable subscriptions of absent clients. Others stay connected and subscribed.
     *
     * @param ended ids of sessions whose clients have gone
     * @throws IllegalStateException when they do not end within five seconds
     */
    public static void keepingConnections(Broker broker, Set<String> ended) {
        Clients clients = new Clients(broker);
        if (!clients.awaitEnd(ended, ENDING)) {
            throw new IllegalStateException("connections do not end: " + clients.all());
        }
        broker.operations().clear();
    }
}
