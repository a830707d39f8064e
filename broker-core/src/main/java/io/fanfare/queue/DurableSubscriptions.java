package io.fanfare.queue;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Timer;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationQuota;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.TopicName;
import io.fanfare.publish.Destinations;
import io.fanfare.security.Authorizer;
import io.fanfare.session.Permissions;
import io.fanfare.session.Subscription;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions to topics that go on while their client is away, in memory. Any thread may call; each feed lives on the
 * loop that made it.
 */
public final class DurableSubscriptions {

    /**
     * Whose it is.
     *
     * @param user nobody takes over, or ends, what is another user's, whatever client id he comes with
     */
    public record Key(String user, String clientId, String name) {}

    /** What makes a durable subscription this one: with other destinations or another selector it is a new one. */
    private record Terms(List<Destination> destinations, String selector) {}

    private static final class Durable {
        final Terms terms;
        final Queue queue;
        final QueueBinding feed;
        final BrokerLoop home;

        /** Of the connection that has begun it. */
        final DestinationQuota founder;

        boolean attached = true;

        /** Who has it, or had it last. */
        Permissions permissions;

        /** Tells one absence from the next. */
        long absences;

        /** Ends the absence there is; the home loop's own. */
        @Nullable
        Timer expiry;

        Durable(
                Terms terms,
                Queue queue,
                QueueBinding feed,
                BrokerLoop home,
                DestinationQuota founder,
                Permissions permissions) {
            this.terms = terms;
            this.queue = queue;
            this.feed = feed;
            this.home = home;
            this.founder = founder;
            this.permissions = permissions;
        }

        boolean isForbidden() {
            return permissions.firstForbidden(Authorizer.Action.SUBSCRIBE, terms.destinations) != null;
        }
    }

    private final Destinations destinations;
    private final BrokerOptions options;
    private final Map<Key, Durable> byKey = new HashMap<>();

    public DurableSubscriptions(Destinations destinations, BrokerOptions options) {
        this.destinations = destinations;
        this.options = options;
    }

    /** Goes on with the durable subscription of this key, or begins it; called on the session's loop. */
    public void subscribe(
            Key key, List<Destination> targets, Subscription subscription, BrokerLoop state, Permissions permissions) {
        Terms terms = new Terms(targets, selector(subscription));
        Durable durable = attach(key, terms, subscription, state, permissions);
        QueueConsumer consumer = new QueueConsumer(durable.queue, subscription, state.loop(), MessageFilter.ALL);
        durable.queue.subscribe(consumer);
        subscription.bind(() -> {
            durable.queue.unsubscribe(consumer);
            detach(key, durable);
        });
    }

    private static String selector(Subscription subscription) {
        var selector = subscription.options().selector();
        return selector == null ? "" : selector.text();
    }

    private Durable attach(Key key, Terms terms, Subscription subscription, BrokerLoop state, Permissions permissions) {
        Durable old;
        Durable durable;
        synchronized (this) {
            old = byKey.get(key);
            if (old != null && old.attached) {
                throw new ProtocolException(
                        "subscription in use",
                        "another connection has the durable subscription " + Printable.of(key.name())
                                + " of this client-id");
            }
            if (old != null && old.terms.equals(terms)) {
                old.attached = true;
                old.permissions = permissions;
                old.absences++;
                Durable back = old;
                back.home.loop().execute(() -> cancelExpiry(back));
                return back;
            }
            if (old == null) {
                checkRoom();
            }
            durable = begin(terms, subscription, state, permissions);
            byKey.put(key, durable);
        }
        if (old != null) {
            end(old);
        }
        try {
            for (Destination target : terms.destinations) {
                listen(target, durable.feed, state);
            }
        } catch (ProtocolException e) {
            synchronized (this) {
                byKey.remove(key, durable);
            }
            end(durable);
            throw e;
        }
        return durable;
    }

    /** They wait a day for clients that need not come back. */
    private void checkRoom() {
        if (byKey.size() >= options.destinations().maxDestinations()) {
            throw new ProtocolException(
                    "too many durable subscriptions",
                    String.format(
                            Locale.ROOT,
                            "the broker has %,d durable subscriptions, its limit is %,d (max_destinations)",
                            byKey.size(),
                            options.destinations().maxDestinations()),
                    CloseCode.OVERLOAD);
        }
    }

    private Durable begin(Terms terms, Subscription subscription, BrokerLoop state, Permissions permissions) {
        DestinationQuota founder = subscription.session().holdings();
        founder.add(terms.destinations.size());
        Queue queue = destinations.queues().newPrivate("durable");
        MessageFilter filter = new MessageFilter(subscription.options().selector(), null);
        QueueBinding[] feed = new QueueBinding[1];
        feed[0] = new QueueBinding(queue, filter, (full, message) -> {
            // who comes back later wants what is new
            if (queue.dropOldest()) {
                feed[0].offer(message);
            }
        });
        return new Durable(terms, queue, feed[0], state, founder, permissions);
    }

    private void listen(Destination target, QueueBinding feed, BrokerLoop state) {
        switch (target.kind()) {
            case TOPIC -> destinations.topics().add(target.key(), feed, state);
            case PATTERN -> destinations.topics().addPattern(TopicName.splitPattern(target.key()), feed, state);
            case QUEUE ->
                throw new ProtocolException(
                        "invalid durable subscription", "a queue keeps its messages anyway; durable is for topics");
        }
    }

    private void detach(Key key, Durable durable) {
        long absence;
        synchronized (this) {
            durable.attached = false;
            absence = ++durable.absences;
        }
        if (durable.isForbidden()) {
            endAway(key, durable);
            return;
        }
        durable.home.loop().execute(() -> {
            cancelExpiry(durable);
            durable.expiry =
                    durable.home.loop().schedule(options.queues().durableExpiry(), () -> expire(key, durable, absence));
        });
    }

    private static void cancelExpiry(Durable durable) {
        if (durable.expiry != null) {
            durable.expiry.cancel();
        }
    }

    private void expire(Key key, Durable durable, long absence) {
        synchronized (this) {
            if (durable.absences != absence || !byKey.remove(key, durable)) {
                return;
            }
        }
        end(durable);
    }

    /** What is allowed has changed: what nobody may have any more collects nothing more. */
    public void reconsider() {
        Map<Key, Durable> away;
        synchronized (this) {
            away = new HashMap<>(byKey);
            // who is here is asked when he leaves
            away.values().removeIf(durable -> durable.attached);
        }
        away.forEach((key, durable) -> {
            if (durable.isForbidden()) {
                endAway(key, durable);
            }
        });
    }

    private void endAway(Key key, Durable durable) {
        synchronized (this) {
            if (durable.attached || !byKey.remove(key, durable)) {
                return;
            }
        }
        end(durable);
    }

    /** Ends a durable subscription for good; false when there is none. */
    public boolean delete(Key key) {
        Durable durable;
        synchronized (this) {
            durable = byKey.remove(key);
        }
        if (durable != null) {
            end(durable);
        }
        return durable != null;
    }

    private void end(Durable durable) {
        durable.founder.remove(durable.terms.destinations.size());
        durable.home.loop().execute(() -> {
            cancelExpiry(durable);
            durable.feed.end();
            durable.queue.abandon();
            for (Destination target : durable.terms.destinations) {
                if (target.kind() == Destination.Kind.TOPIC) {
                    destinations.topics().remove(target.key(), durable.feed, durable.home);
                } else {
                    destinations
                            .topics()
                            .removePattern(TopicName.splitPattern(target.key()), durable.feed, durable.home);
                }
            }
        });
    }

    public synchronized int count() {
        return byKey.size();
    }
}
