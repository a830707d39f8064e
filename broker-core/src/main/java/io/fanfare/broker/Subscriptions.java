package io.fanfare.broker;

import io.fanfare.frame.Frame;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One session's subscriptions by their id. Owned by the session's loop. */
final class Subscriptions {

    private final Session session;
    private final Broker broker;
    private final LoopState state;

    /** Nothing is allocated for a connection that only sends. */
    private Map<String, Subscription> byId = Map.of();

    /** Queues that may be of no use any more once everything has been given back. */
    private final List<Queue> left = new ArrayList<>(0);

    Subscriptions(Session session, Broker broker, LoopState state) {
        this.session = session;
        this.broker = broker;
        this.state = state;
    }

    void subscribe(Frame frame, StompVersion version, Framing framing) {
        String text = Session.required(frame, "destination");
        String id = idOf(frame, version);
        String key = id == null ? withoutId(text) : id;
        if (byId.containsKey(key)) {
            throw new ProtocolException(
                    "duplicate subscription",
                    id == null
                            ? "this connection has subscribed to " + Printable.of(text) + " already; give it an id"
                            : "this connection has a subscription with id " + Printable.of(id) + " already");
        }
        BrokerOptions options = broker.options();
        if (byId.size() >= options.maxSubscriptions()) {
            throw new ProtocolException(
                    "too many subscriptions",
                    "this connection has " + byId.size() + " subscriptions, its limit (max_subscriptions)");
        }
        Subscription subscription = new Subscription(
                session,
                new Encoding(version, framing, id),
                Destination.parse(text, options),
                AckMode.parse(frame.headers().get("ack"), version),
                options.prefetch());
        if (byId.isEmpty()) {
            byId = new HashMap<>(4);
        }
        byId.put(key, subscription);
        broker.destinations().subscribe(subscription, state);
    }

    void unsubscribe(Frame frame, StompVersion version) {
        String id = frame.headers().get("id");
        if (id == null && version != StompVersion.V1_0) {
            throw new ProtocolException("missing id", "an UNSUBSCRIBE frame needs the header id");
        }
        String key = id == null ? withoutId(Session.required(frame, "destination")) : id;
        Subscription subscription = byId.remove(key);
        if (subscription == null) {
            throw new ProtocolException(
                    "no such subscription", "this connection has no subscription " + Printable.of(key.strip()));
        }
        end(subscription);
        collectAll();
    }

    /** Ends all; {@link #collectAll} follows once their messages have gone back. */
    void endAll() {
        byId.values().forEach(this::end);
        byId = Map.of();
    }

    void collectAll() {
        left.forEach(broker.destinations()::collect);
        left.clear();
    }

    private void end(Subscription subscription) {
        subscription.end();
        broker.destinations().unsubscribe(subscription, state);
        Consumer consumer = subscription.consumer();
        if (consumer != null) {
            left.add(consumer.queue());
        }
    }

    private static @Nullable String idOf(Frame frame, StompVersion version) {
        String id = frame.headers().get("id");
        if (id == null && version != StompVersion.V1_0) {
            throw new ProtocolException("missing id", "a SUBSCRIBE frame needs the header id (STOMP " + version + ")");
        }
        return id;
    }

    /** STOMP 1.0 lets a subscription be known by its destination; no id can begin with a line feed there. */
    private static String withoutId(String destination) {
        return "\n" + destination;
    }
}
