package io.fanfare.session;

import io.fanfare.broker.Broker;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationParser;
import io.fanfare.message.DestinationQuota;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.TopicName;
import io.fanfare.queue.AckMode;
import io.fanfare.queue.DurableSubscriptions;
import io.fanfare.queue.Queue;
import io.fanfare.queue.QueueBinding;
import io.fanfare.queue.QueueBrowser;
import io.fanfare.queue.QueueConsumer;
import io.fanfare.queue.Queues;
import io.fanfare.security.Authorizer;
import io.fanfare.topic.DeliveryPolicy;
import io.fanfare.topic.TopicMember;
import io.fanfare.topic.Topics;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One session's subscriptions by their id. Owned by the session's loop. */
public final class SubscribeHandler {

    /** A subscription and what it was allowed to subscribe to. */
    private record Entry(Subscription subscription, List<Destination> destinations) {}

    private final Session session;
    private final Broker broker;
    private final BrokerLoop state;
    private final DestinationParser parser;
    private final StompVersion version;
    private final Framing framing;
    private final Permissions permissions;
    private final @Nullable String clientId;

    /** Nothing is allocated for a connection that only sends. */
    private Map<String, Entry> byId = Collections.emptyMap();

    private final ArrayDeque<QueueBrowser> browsers = new ArrayDeque<>(0);

    /** Temporary destinations that have had a subscription; of very many, the last ones. */
    private final Set<String> temporaries = new LinkedHashSet<>(0);

    public SubscribeHandler(
            Session session,
            Broker broker,
            DestinationParser parser,
            StompVersion version,
            Framing framing,
            Permissions permissions,
            @Nullable String clientId) {
        this.session = session;
        this.broker = broker;
        this.state = session.state();
        this.parser = parser;
        this.version = version;
        this.framing = framing;
        this.permissions = permissions;
        this.clientId = clientId;
    }

    public void subscribe(Frame frame) {
        Headers headers = frame.headers();
        String text = Session.required(frame, "destination");
        String id = idOf(frame);
        String key = id == null ? withoutId(text) : id;
        checkNew(key, id, text);
        List<Destination> targets = parser.forSubscribe(text);
        permissions.require(Authorizer.Action.SUBSCRIBE, targets);
        SubscribeOptions options = SubscribeOptions.of(headers, version, broker.options());
        Subscription subscription = new Subscription(session, new Encoding(version, framing, id), options);
        boolean onTopics = targets.stream().noneMatch(target -> target.kind() == Destination.Kind.QUEUE);
        checkPacing(options, onTopics);
        if (options.durable() && onTopics) {
            if (clientId == null) {
                throw new ProtocolException(
                        "missing client-id", "a durable subscription needs the header client-id on CONNECT");
            }
            broker.durables().subscribe(durableKey(headers), targets, subscription, state, permissions);
        } else {
            listen(targets, subscription, text);
        }
        put(key, subscription, targets);
    }

    private DurableSubscriptions.Key durableKey(Headers headers) {
        String name = String.valueOf(SubscribeOptions.durableName(headers));
        return new DurableSubscriptions.Key(permissions.principal().name(), String.valueOf(clientId), name);
    }

    private static void checkPacing(SubscribeOptions options, boolean onTopics) {
        boolean live = onTopics && options.ackMode() == AckMode.AUTO && !options.durable();
        if (options.pacing() != DeliveryPolicy.NONE && !live) {
            throw new ProtocolException(
                    "invalid subscription",
                    "overflow, max-rate and conflate leave messages out, which only topics with ack:auto may do;"
                            + " a queue is held back by prefetch-count");
        }
    }

    private void checkNew(String key, @Nullable String id, String text) {
        if (byId.containsKey(key)) {
            throw new ProtocolException(
                    "duplicate subscription",
                    id == null
                            ? "this connection has subscribed to " + Printable.of(text) + " already; give it an id"
                            : "this connection has a subscription with id " + Printable.of(id) + " already");
        }
        int limit = broker.options().limits().maxSubscriptions();
        if (byId.size() >= limit) {
            throw new ProtocolException(
                    "too many subscriptions",
                    "this connection has " + byId.size() + " subscriptions, its limit is " + limit
                            + " (max_subscriptions)");
        }
    }

    private void put(String key, Subscription subscription, List<Destination> destinations) {
        if (byId.isEmpty()) {
            byId = new HashMap<>(4);
        }
        byId.put(key, new Entry(subscription, destinations));
    }

    private void listen(List<Destination> targets, Subscription subscription, String text) {
        try {
            targets.forEach(target -> listen(target, subscription, text));
        } catch (ProtocolException e) {
            // all or none of them
            subscription.end();
            throw e;
        }
    }

    private void listen(Destination target, Subscription subscription, String text) {
        if (!DestinationParser.temporaryOwner(target).isEmpty()) {
            rememberTemporary(target.key());
        }
        Queues queues = broker.destinations().queues();
        if (target.kind() == Destination.Kind.QUEUE) {
            if (subscription.options().browser()) {
                browsers.add(
                        new QueueBrowser(session, queues.get(target.key(), session.holdings()), subscription, text));
                session.touch();
            } else {
                consume(queues.subscribe(target.key(), subscription, state.loop(), session.holdings()));
            }
        } else if (subscription.options().ackMode() == AckMode.AUTO) {
            listen(target, subscription, (TopicMember) subscription);
        } else {
            // messages that wait for their ACK wait in a queue of the subscription's own
            Queue queue = queues.newPrivate("subscription");
            QueueConsumer consumer = new QueueConsumer(queue, subscription, state.loop(), MessageFilter.ALL);
            queue.subscribe(consumer);
            consume(consumer);
            QueueBinding feed = new QueueBinding(
                    queue,
                    subscription.filter(),
                    (full, message) -> state.loop().execute(() -> session.tooSlow(full.detail())));
            listen(target, subscription, feed);
            subscription.bind(queue::abandon);
        }
    }

    private void rememberTemporary(String key) {
        if (temporaries.add(key)
                && temporaries.size() > broker.options().limits().maxSubscriptions()) {
            temporaries.remove(temporaries.iterator().next());
        }
    }

    private void consume(QueueConsumer consumer) {
        consumer.subscription().bind(() -> {
            consumer.queue().unsubscribe(consumer);
            broker.destinations().queues().collect(consumer.queue());
        });
    }

    private void listen(Destination target, Subscription subscription, TopicMember member) {
        DestinationQuota holdings = session.holdings();
        holdings.add(1);
        subscription.bind(() -> holdings.remove(1));
        Topics topics = broker.destinations().topics();
        if (target.kind() == Destination.Kind.TOPIC) {
            topics.add(target.key(), member, state);
            subscription.bind(() -> topics.remove(target.key(), member, state));
        } else {
            List<String> pattern = TopicName.splitPattern(target.key());
            topics.addPattern(pattern, member, state);
            subscription.bind(() -> topics.removePattern(pattern, member, state));
        }
    }

    /**
     * A SEND names a temporary destination for replies: the client gets them, whether or not it has subscribed, on a
     * subscription whose id is the destination. RabbitMQ's clients count on that; ActiveMQ's subscribe themselves.
     */
    public void expectReplies(String temporary) {
        List<Destination> targets = parser.forSubscribe(temporary);
        if (targets.size() > 1) {
            // who answers would send to all of them, with what he may do
            throw new ProtocolException("invalid reply-to", "reply-to names one destination");
        }
        Destination target = targets.get(0);
        if (!temporaries.contains(target.key()) && !byId.containsKey(temporary)) {
            checkNew(temporary, temporary, temporary);
            SubscribeOptions options = SubscribeOptions.of(Headers.EMPTY, version, broker.options());
            Subscription subscription = new Subscription(session, new Encoding(version, framing, temporary), options);
            listen(target, subscription, temporary);
            put(temporary, subscription, targets);
        }
    }

    public void unsubscribe(Frame frame) {
        String id = frame.headers().get("id");
        if (id == null && version != StompVersion.V1_0) {
            throw new ProtocolException("missing id", "an UNSUBSCRIBE frame needs the header id");
        }
        String key = id == null ? withoutId(Session.required(frame, "destination")) : id;
        Entry entry = byId.remove(key);
        if (entry != null) {
            entry.subscription().end();
        }
        boolean deleted = clientId != null
                && SubscribeOptions.isDurable(frame.headers())
                && broker.durables().delete(durableKey(frame.headers()));
        if (entry == null && !deleted) {
            throw new ProtocolException(
                    "no such subscription", "this connection has no subscription " + Printable.of(key.strip()));
        }
    }

    /** Everything has left the outbox: who browses may go on. */
    public void flushed(Replies replies) {
        QueueBrowser browser = browsers.peek();
        if (browser == null) {
            return;
        }
        if (!browser.next(replies)) {
            browsers.remove();
            broker.destinations().queues().collect(browser.queue());
        }
        // also for a part of which the selector wanted nothing
        session.touch();
    }

    /** Ends those that may not be any more, and gives each of them with where it may not be. */
    public void endForbidden(BiConsumer<Subscription, Destination> ended) {
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

    public void endAll() {
        byId.values().forEach(entry -> entry.subscription().end());
        byId = Collections.emptyMap();
        browsers.forEach(browser -> broker.destinations().queues().collect(browser.queue()));
        browsers.clear();
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
