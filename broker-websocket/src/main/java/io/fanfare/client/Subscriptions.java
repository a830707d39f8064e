package io.fanfare.client;

import io.fanfare.frame.Frame;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The subscriptions of a connection, by their ids. Safe for use by several threads. */
final class Subscriptions {

    private final Map<String, Subscription> byId = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException when a subscription has that id */
    void add(Subscription subscription) {
        if (byId.putIfAbsent(subscription.id(), subscription) != null) {
            throw new IllegalArgumentException("a subscription with this id exists: " + subscription.id());
        }
    }

    /** The broker has accepted or refused. */
    void answered(Subscription subscription, @Nullable Frame receipt, @Nullable Throwable failure) {
        if (receipt != null) {
            subscription.confirmed().complete(receipt);
        } else if (failure != null) {
            remove(subscription);
            subscription.confirmed().completeExceptionally(failure);
        }
    }

    /** The subscription with that id; null: it has ended meanwhile, or never was. */
    @Nullable
    Subscription get(String id) {
        return byId.get(id);
    }

    void remove(Subscription subscription) {
        byId.remove(subscription.id(), subscription);
    }

    /** The connection has ended. */
    void end(StompException reason) {
        byId.values().forEach(subscription -> subscription.ended().complete(reason));
        byId.clear();
    }
}
