package io.fanfare.spring;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** State of one client on Spring's side. Any thread may call. */
final class Client {

    private final SpringConnection connection;

    /** Ids of subscriptions that the broker knows. Those that {@code @SubscribeMapping} answers are none of them. */
    private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();

    private volatile boolean webSocketClosed;

    Client(SpringConnection connection) {
        this.connection = connection;
    }

    SpringConnection connection() {
        return connection;
    }

    /** The broker, which refuses too many, gets a SUBSCRIBE with this id. */
    void subscribed(String id) {
        subscriptions.add(id);
    }

    /** Whether the broker knows such a subscription; from now on it does not. */
    boolean unsubscribed(String id) {
        return subscriptions.remove(id);
    }

    void webSocketClosed() {
        webSocketClosed = true;
    }

    boolean isWebSocketClosed() {
        return webSocketClosed;
    }
}
