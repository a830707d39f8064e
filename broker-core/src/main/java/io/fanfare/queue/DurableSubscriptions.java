package io.fanfare.queue;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Timer;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.FeedSource;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions to topics that go on while their client is away, in memory. Any thread may call; the binding of each to
 * its topics lives on the loop of the connection that began it.
 */
public final class DurableSubscriptions {

    /**
     * What a durable subscription is known by.
     *
     * @param user another user can neither take it over nor end it, whatever client-id its client comes with
     */
    public record Key(String user, String clientId, String name) {}

    /**
     * The connection that wants a durable subscription.
     *
     * @param quota counts its destinations
     * @param allowed whether its user may subscribe to all of these; any thread may ask
     */
    public record Holder(BrokerLoop loop, DestinationQuota quota, Predicate<List<Destination>> allowed) {}

    /** What makes a durable subscription this one: with other destinations or another selector it is a new one. */
    private record Terms(List<Destination> destinations, String selector) {}

    private static final class Durable {
        final Terms terms;
        final Queue queue;
        final QueueBinding binding;
        final BrokerLoop home;

        /** The quota of the connection that began it. */
        final DestinationQuota founder;

        boolean attached = true;

        /** Whether the user of the connection that has it, or had it last, may have it. */
        Predicate<List<Destination>> allowed;

        /** Tells one absence from the next. */
        long absences;

        /** Ends the absence there is; the home loop's own. */
        @Nullable
        Timer expiry;

        Durable(Terms terms, Queue queue, QueueBinding binding, Holder founder) {
            this.terms = terms;
            this.queue = queue;
            this.binding = binding;
            this.home = founder.loop();
            this.founder = founder.quota();
            this.allowed = founder.allowed();
        }

        boolean isForbidden() {
            return !allowed.test(terms.destinations);
        }
    }

    private final Queues queues;
    private final FeedSource topics;
    private final QueueOptions options;
    private final DestinationLimits limits;
    private final Map<Key, Durable> byKey = new HashMap<>();

    public DurableSubscriptions(Queues queues, FeedSource topics, QueueOptions options, DestinationLimits limits) {
        this.queues = queues;
        this.topics = topics;
        this.options = options;
        this.limits = limits;
    }

    /**
     * Goes on with the durable subscription of this key, or begins it; called on the holder's loop.
     *
     * @return what to run when the subscriber goes, on its loop
     * @throws ProtocolException when another connection has it, or there is no room
     */
    public Runnable subscribe(Key key, List<Destination> destinations, QueueSubscriber subscriber, Holder holder) {
        Terms terms = new Terms(destinations, subscriber.filter().text());
        Durable durable = attach(key, terms, subscriber, holder);
        QueueConsumer consumer = new QueueConsumer(durable.queue, subscriber, MessageFilter.ALL);
        durable.queue.subscribe(consumer);
        return () -> {
            durable.queue.unsubscribe(consumer);
            detach(key, durable);
        };
    }

    private Durable attach(Key key, Terms terms, QueueSubscriber subscriber, Holder holder) {
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
                old.allowed = holder.allowed();
                old.absences++;
                Durable back = old;
                back.home.loop().execute(() -> cancelExpiry(back));
                return back;
            }
            if (old == null) {
                checkRoom();
            }
            durable = begin(terms, subscriber, holder);
            byKey.put(key, durable);
        }
        if (old != null) {
            end(old);
        }
        listen(key, durable);
        return durable;
    }

    /** Binds a new one to all of its topics, or to none. */
    private void listen(Key key, Durable durable) {
        try {
            for (Destination destination : durable.terms.destinations) {
                topics.add(destination, durable.binding, durable.home);
            }
        } catch (ProtocolException e) {
            synchronized (this) {
                byKey.remove(key, durable);
            }
            end(durable);
            throw e;
        }
    }

    /** They wait a day for clients that need not come back. */
    private void checkRoom() {
        if (byKey.size() >= limits.maxDestinations()) {
            throw new ProtocolException(
                    "too many durable subscriptions",
                    Limits.exceeded(
                            "the broker has %,d durable subscriptions",
                            byKey.size(), limits.maxDestinations(), "max_destinations"),
                    CloseCode.OVERLOAD);
        }
    }

    private Durable begin(Terms terms, QueueSubscriber subscriber, Holder founder) {
        founder.quota().add(terms.destinations.size());
        Queue queue = queues.newPrivate();
        MessageFilter filter = MessageFilter.of(subscriber.filter().selector(), null);
        QueueBinding binding = new QueueBinding(
                queues, queue, filter, (full, message) -> replaceOldest(queue, message), terms.destinations.size());
        return new Durable(terms, queue, binding, founder);
    }

    /** A client that comes back later wants what is new. */
    private void replaceOldest(Queue queue, Message message) {
        while (queue.dropOldestFor(message)) {
            try {
                queues.offer(queue, message);
                return;
            } catch (ProtocolException full) {
                // there are more to drop
            }
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
            durable.expiry = durable.home.loop().schedule(options.durableExpiry(), () -> expire(key, durable, absence));
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

    /** Permissions have changed: an absent client's subscription that its user may not have any more ends. */
    public void permissionsChanged() {
        Map<Key, Durable> away;
        synchronized (this) {
            away = new HashMap<>(byKey);
            // those in use are asked about when their connection leaves
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
            durable.binding.end();
            queues.end(durable.queue);
            for (Destination destination : durable.terms.destinations) {
                topics.remove(destination, durable.binding, durable.home);
            }
        });
    }

    /** The number of durable subscriptions, those of absent clients included. */
    public synchronized int count() {
        return byKey.size();
    }
}
