package io.fanfare.session;

import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.Encoding;
import io.fanfare.queue.DurableSubscriptions;
import io.fanfare.security.Authorizer;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Handles a connected client's SUBSCRIBE and UNSUBSCRIBE frames. Owned by the session's loop. */
final class SubscribeHandler {

    /** A subscription and what it was allowed to subscribe to. */
    private record Entry(Subscription subscription, List<Destination> destinations) {}

    private final int maxSubscriptions;
    private final int prefetch;
    private final DurableSubscriptions durables;
    private final DestinationParser parser;
    private final Subscription.Owner owner;
    private final Permissions permissions;
    private final StompVersion version;
    private final Framing framing;
    private final @Nullable String clientId;
    private final SubscriptionBinder binder;
    private final DurableSubscriptions.Holder holder;

    /** Nothing is allocated for a connection that only sends. */
    private Map<String, Entry> byId = Collections.emptyMap();

    /** Temporary destinations that have had a subscription; of very many, the last ones. */
    private final Set<Destination> temporaries = new LinkedHashSet<>(0);

    SubscribeHandler(
            Session session,
            SessionServices services,
            BrokerLoop loop,
            DestinationParser parser,
            Subscription.Owner owner,
            Permissions permissions,
            Replies replies,
            Connected.Request connect) {
        this.maxSubscriptions = services.options().limits().maxSubscriptions();
        this.prefetch = services.options().prefetch();
        this.durables = services.destinations().durables();
        this.parser = parser;
        this.owner = owner;
        this.permissions = permissions;
        this.version = connect.version();
        this.framing = connect.framing();
        this.clientId = connect.headers().get("client-id");
        this.binder = new SubscriptionBinder(
                session,
                loop,
                owner.outbox(),
                services.destinations(),
                owner.sender().quota(),
                replies);
        this.holder = new DurableSubscriptions.Holder(
                // a client without a user is told no other's address
                permissions.principal().name().isEmpty() ? "" : session.toString(),
                loop,
                owner.sender().quota(),
                wanted -> permissions.firstForbidden(Authorizer.Action.SUBSCRIBE, wanted) == null,
                session::refuse);
    }

    void subscribe(Frame frame) {
        assert owner.outbox().loop().isCurrent();
        Headers headers = frame.headers();
        String text = frame.required("destination");
        String id = idOf(frame);
        String key = id == null ? withoutId(text) : id;
        checkNew(key, id, text);
        List<Destination> destinations = parser.forSubscribe(text);
        permissions.require(Authorizer.Action.SUBSCRIBE, destinations);
        SubscribeOptions options = SubscribeOptions.of(headers, prefetch);
        Subscription subscription =
                new Subscription(owner, new Encoding(version, framing, id), options, destinations.size());
        options.check(destinations, permissions.principal().name().isEmpty());
        if (options.durable() && destinations.get(0).kind() != Destination.Kind.QUEUE) {
            subscription.bind(durables.subscribe(durableKey(headers), destinations, subscription, holder));
        } else {
            destinations.forEach(this::rememberTemporary);
            binder.bind(destinations, subscription, text);
        }
        put(key, subscription, destinations);
    }

    private DurableSubscriptions.Key durableKey(Headers headers) {
        if (clientId == null) {
            throw new ProtocolException(
                    "missing client-id", "a durable subscription needs the header client-id on CONNECT");
        }
        String name = String.valueOf(SubscribeOptions.durableName(headers));
        return new DurableSubscriptions.Key(permissions.principal().name(), clientId, name);
    }

    private void checkNew(String key, @Nullable String id, String text) {
        if (byId.containsKey(key)) {
            throw new ProtocolException(
                    "duplicate subscription",
                    id == null
                            ? "this connection has subscribed to " + Printable.of(text) + " already; give it an id"
                            : "this connection has a subscription with id " + Printable.of(id) + " already");
        }
        if (byId.size() >= maxSubscriptions) {
            throw new ProtocolException(
                    "too many subscriptions",
                    Limits.exceeded(
                            "this connection has %,d subscriptions",
                            byId.size(), maxSubscriptions, "max_subscriptions"));
        }
    }

    private void put(String key, Subscription subscription, List<Destination> destinations) {
        if (byId.isEmpty()) {
            byId = new HashMap<>(4);
        }
        byId.put(key, new Entry(subscription, destinations));
    }

    private void rememberTemporary(Destination destination) {
        if (destination.temporaryOwner() != null
                && temporaries.add(destination)
                && temporaries.size() > maxSubscriptions) {
            temporaries.remove(temporaries.iterator().next());
        }
    }

    /**
     * A SEND names a temporary destination for replies: the client gets them, whether or not it has subscribed, on a
     * subscription whose id is the destination. RabbitMQ's clients count on that; ActiveMQ's subscribe themselves.
     */
    void expectReplies(String temporary) {
        List<Destination> destinations = parser.forSubscribe(temporary);
        if (destinations.size() > 1) {
            // a service that answers would send to all of them, with its own permissions
            throw new ProtocolException("invalid reply-to", "reply-to names one destination");
        }
        Destination destination = destinations.get(0);
        if (temporaries.contains(destination) || byId.containsKey(temporary)) {
            return;
        }
        checkNew(temporary, temporary, temporary);
        Subscription subscription = new Subscription(
                owner, new Encoding(version, framing, temporary), SubscribeOptions.of(Headers.EMPTY, prefetch), 1);
        rememberTemporary(destination);
        binder.bind(destinations, subscription, temporary);
        put(temporary, subscription, destinations);
    }

    void unsubscribe(Frame frame) {
        assert owner.outbox().loop().isCurrent();
        String id = frame.headers().get("id");
        if (id == null && version != StompVersion.V1_0) {
            throw new ProtocolException("missing id", "an UNSUBSCRIBE frame needs the header id");
        }
        String key = id == null ? withoutId(frame.required("destination")) : id;
        boolean durable = clientId != null && SubscribeOptions.isDurable(frame.headers());
        Entry entry = byId.get(key);
        if (durable) {
            durables.checkDelete(durableKey(frame.headers()), entry == null ? null : entry.subscription(), holder);
        }
        if (entry != null) {
            byId.remove(key);
            entry.subscription().end();
        }
        boolean deleted = durable && durables.delete(durableKey(frame.headers()), holder);
        if (entry == null && !deleted) {
            throw new ProtocolException(
                    "no such subscription", "this connection has no subscription " + Printable.of(key.strip()));
        }
    }

    /** Everything has left the outbox. */
    void drained() {
        binder.drained();
    }

    /** Ends subscriptions that the user may not have any more, and gives each of them with the forbidden destination. */
    void endForbidden(BiConsumer<Subscription, Destination> ended) {
        for (Iterator<Entry> i = byId.values().iterator(); i.hasNext(); ) {
            Entry each = i.next();
            Destination forbidden = permissions.firstForbidden(Authorizer.Action.SUBSCRIBE, each.destinations());
            if (forbidden != null) {
                i.remove();
                each.subscription().end();
                ended.accept(each.subscription(), forbidden);
            }
        }
    }

    void endAll() {
        byId.values().forEach(entry -> entry.subscription().end());
        byId = Collections.emptyMap();
        binder.endAll();
    }

    private @Nullable String idOf(Frame frame) {
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
