package io.fanfare.session;

import io.fanfare.durable.DurableClient;
import io.fanfare.durable.Durables;
import io.fanfare.event.BrokerListeners;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.Encoding;
import io.fanfare.message.ForeignHeaders;
import io.fanfare.message.HeaderValues;
import io.fanfare.options.ConnectionLimits;
import io.fanfare.presence.Attendance;
import io.fanfare.security.Authorizer;
import io.fanfare.status.SubscriptionStatus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Handles a connected client's SUBSCRIBE and UNSUBSCRIBE frames. Owned by the session's loop. */
final class SubscribeHandler {

    /**
     * A subscription and what it was allowed to subscribe to.
     *
     * @param forReplies whether the broker made it for a {@code reply-to}: the client's own may take its place
     */
    private record Entry(Subscription subscription, List<Destination> destinations, boolean forReplies) {
        /** Where it makes its session present, if presence is gathered there. */
        List<Destination> named() {
            return subscription.options().replay().isOnly() ? List.of() : destinations;
        }
    }

    private final ConnectionLimits limits;
    private final SessionServices services;
    private final DurableClient durables;
    private final DestinationParser parser;
    private final Subscription.Owner owner;
    private final Permissions permissions;
    private final Encoding encoding;
    private final SubscriptionBinder binder;
    private final Attendance attendance;
    private final BrokerListeners listeners;
    private final String session;

    /** Nothing is allocated for a connection that only sends. */
    private Map<String, Entry> byId = Collections.emptyMap();

    /** Size of {@link #byId}, for any thread. */
    private volatile int count;

    SubscribeHandler(
            Session session,
            SessionServices services,
            BrokerLoop loop,
            DestinationParser parser,
            Subscription.Owner owner,
            Permissions permissions,
            Replies replies,
            Attendance attendance,
            Connected.Request connect,
            String sessionId) {
        this.attendance = attendance;
        this.listeners = services.listeners();
        this.session = sessionId;
        this.limits = services.options().limits();
        this.services = services;
        this.parser = parser;
        this.owner = owner;
        this.permissions = permissions;
        this.encoding = connect.encoding();
        this.binder = new SubscriptionBinder(
                session, loop, owner.outbox(), services, owner.sender().quota(), replies);
        this.durables = new DurableClient(
                services.destinations().durables(),
                limits,
                permissions.principal().name(),
                connect.headers().get("client-id"),
                () -> permissions.holder(session, loop, owner.sender().quota()));
    }

    /**
     * Makes the subscription that a SUBSCRIBE asks for.
     *
     * @return headers of the RECEIPT that say where it begins; completed at once or later, on the loop
     */
    Answers.Where subscribe(Frame frame) {
        assert owner.outbox().loop().isCurrent();
        Headers headers = frame.headers();
        String text = frame.required("destination");
        String given = headers.get("id");
        // STOMP 1.0 knows a subscription without id by its destination; clients of later versions count on that too
        String id = given == null ? text : HeaderValues.id("id", given, limits);
        checkNew(id, given, text);
        List<Destination> destinations = parser.forSubscribe(text);
        permissions.require(Authorizer.Action.SUBSCRIBE, destinations);
        SubscribeOptions options =
                SubscribeOptions.of(headers, services.options().prefetch());
        options.check(destinations, permissions.principal().name().isEmpty(), services.memory());
        if (destinations.get(0).isPresence()) {
            options = options.forPresence();
        }
        ForeignHeaders.checkSubscribe(headers, destinations, options.durable());
        Subscription subscription =
                new Subscription(owner, destinations, SubscriptionBinder.encoding(encoding, id, given), options);
        Answers.Where where;
        if (options.durable() && !SubscriptionBinder.areQueues(destinations)) {
            String name = SubscribeOptions.durableName(headers, id);
            where = new Answers.Where(
                    SubscriptionBinder.NOTHING_TO_SAY,
                    durables.subscribe(name, destinations, subscription, subscription::bind),
                    () -> withdraw(id, subscription));
        } else {
            where = Answers.Where.of(binder.bind(destinations, subscription, text));
        }
        Entry entry = new Entry(subscription, destinations, false);
        put(id, entry);
        attendance.join(entry.named());
        return where;
    }

    /** A subscription can't begin that looked as if it could. */
    private void withdraw(String id, Subscription subscription) {
        Entry entry = byId.get(id);
        if (entry != null && entry.subscription() == subscription) {
            remove(id, entry);
        }
    }

    private void remove(String id, Entry entry) {
        byId.remove(id);
        count = byId.size();
        end(id, entry);
        attendance.leave(entry.named());
    }

    private void checkNew(String id, @Nullable String given, String text) {
        Entry existing = byId.get(id);
        if (existing != null && !existing.forReplies()) {
            throw new ProtocolException(
                    "duplicate subscription",
                    given == null
                            ? "this connection has subscribed to " + Printable.of(text) + " already; give it an id"
                            : "this connection has a subscription with id " + Printable.of(given) + " already");
        }
        if (byId.size() >= limits.maxSubscriptions()) {
            throw new ProtocolException(
                    "too many subscriptions",
                    Limits.exceeded(
                            "this connection has %,d subscriptions",
                            byId.size(), limits.maxSubscriptions(), "max_subscriptions"));
        }
    }

    private void put(String id, Entry entry) {
        if (byId.isEmpty()) {
            byId = new HashMap<>(4);
        }
        entry.subscription().count(id, services.memory());
        Entry replaced = byId.put(id, entry);
        count = byId.size();
        if (replaced != null) {
            end(id, replaced);
        }
        if (listeners.any()) {
            SubscriptionStatus status = status(id, entry);
            listeners.tell(listener -> listener.subscribed(status));
        }
    }

    /** Ends a subscription that is not in the map any more. */
    private void end(String id, Entry entry) {
        SubscriptionStatus last = listeners.any() ? status(id, entry) : null;
        entry.subscription().end();
        if (last != null) {
            listeners.tell(listener -> listener.unsubscribed(last));
        }
    }

    private SubscriptionStatus status(String id, Entry entry) {
        return entry.subscription().status(session, permissions.principal().name(), id);
    }

    /**
     * A SEND names a temporary destination for replies: the client gets them, whether or not it has subscribed, on a
     * subscription whose id is the destination. RabbitMQ's clients count on that; ActiveMQ's subscribe themselves.
     */
    void expectReplies(String temporary) {
        assert owner.outbox().loop().isCurrent();
        List<Destination> destinations = parser.forSubscribe(temporary);
        Destination destination = destinations.get(0);
        if (binder.hasHad(destination) || byId.containsKey(temporary)) {
            return;
        }
        checkNew(temporary, temporary, temporary);
        Subscription subscription = new Subscription(
                owner,
                destinations,
                encoding.of(temporary),
                SubscribeOptions.of(Headers.EMPTY, services.options().prefetch()));
        binder.bind(destinations, subscription, temporary);
        put(temporary, new Entry(subscription, destinations, true));
    }

    /**
     * Ends the subscription that an UNSUBSCRIBE names.
     *
     * @return completed when a durable one does not come back at other nodes; null: that is so already
     */
    @Nullable
    CompletionStage<Void> unsubscribe(Frame frame) {
        assert owner.outbox().loop().isCurrent();
        String given = frame.headers().get("id");
        String id = given == null ? idByDestination(frame) : given;
        Entry entry = byId.get(id);
        // a queue's is no durable one; there may be another of that name
        boolean toQueues = entry != null && SubscriptionBinder.areQueues(entry.destinations());
        boolean durable = SubscribeOptions.isDurable(frame.headers()) && durables.isNamed() && !toQueues;
        String name = SubscribeOptions.durableName(frame.headers(), id);
        if (durable) {
            durables.checkDelete(name, entry == null ? null : entry.subscription());
        }
        if (entry != null) {
            remove(id, entry);
        }
        Durables.Ended ended = durable ? durables.delete(name) : new Durables.Ended(false, null);
        if (entry == null && !ended.isFound()) {
            throw new ProtocolException(
                    "no such subscription", "this connection has no subscription " + Printable.of(id));
        }
        return ended.later();
    }

    /** Finds the subscription that an UNSUBSCRIBE without id is about: one without id; in 1.0 also one with an id. */
    private String idByDestination(Frame frame) {
        if (encoding.version() != StompVersion.V1_0 && !frame.headers().has("destination")) {
            throw new ProtocolException(
                    "missing id",
                    "an UNSUBSCRIBE frame needs the header id, or the destination of a subscription without id");
        }
        String text = frame.required("destination");
        if (encoding.version() != StompVersion.V1_0 || byId.containsKey(text)) {
            return text;
        }
        // STOMP 1.0, UNSUBSCRIBE: "either a destination header or an id header"
        List<Destination> wanted = parser.forSubscribe(text);
        List<String> ids = new ArrayList<>(1);
        byId.forEach((id, entry) -> {
            if (entry.destinations().equals(wanted)) {
                ids.add(id);
            }
        });
        if (ids.size() > 1) {
            throw new ProtocolException(
                    "no such subscription",
                    "this connection has " + ids.size() + " subscriptions to " + Printable.of(text)
                            + "; end each of them by its id");
        }
        return ids.isEmpty() ? text : ids.get(0);
    }

    /** The number of subscriptions; for any thread. */
    int count() {
        return count;
    }

    /** Whether one of them is to a topic. */
    boolean hasTopics() {
        return byId.values().stream()
                .flatMap(entry -> entry.destinations().stream())
                .anyMatch(destination -> destination.kind() != Destination.Kind.QUEUE);
    }

    /** What operators see of each subscription. */
    List<SubscriptionStatus> status() {
        return byId.entrySet().stream()
                .map(each -> status(each.getKey(), each.getValue()))
                .toList();
    }

    void drained() {
        binder.drained();
    }

    /** Ends subscriptions that the user may not have any more, and gives each of them with the forbidden destination. */
    void endForbidden(BiConsumer<Subscription, Destination> ended) {
        assert owner.outbox().loop().isCurrent();
        for (Iterator<Map.Entry<String, Entry>> i = byId.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<String, Entry> found = i.next();
            Entry each = found.getValue();
            Destination forbidden = permissions.firstForbidden(Authorizer.Action.SUBSCRIBE, each.destinations());
            if (forbidden != null) {
                i.remove();
                count = byId.size();
                end(found.getKey(), each);
                attendance.withdraw(each.named());
                ended.accept(each.subscription(), forbidden);
            }
        }
    }

    /** Presence may be gathered at other topics. */
    void presenceChanged() {
        attendance.follow(
                byId.values().stream().flatMap(entry -> entry.named().stream()).toList());
    }

    void endAll() {
        assert owner.outbox().loop().isCurrent();
        byId.forEach((id, entry) -> Closing.runAll(id, () -> end(id, entry), () -> attendance.leave(entry.named())));
        byId = Collections.emptyMap();
        count = 0;
        binder.end();
    }
}
