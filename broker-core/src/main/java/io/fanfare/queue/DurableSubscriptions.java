package io.fanfare.queue;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.FeedSource;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.QueueOptions;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.status.DurableSubscriptionStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
     * @param name what other connections of its user are told about it; empty: nothing
     * @param quota counts its destinations
     * @param allowed whether its user may subscribe to all of these; any thread may ask
     * @param evict closes the connection, for this reason; called on its loop
     */
    public record Holder(
            String name,
            BrokerLoop loop,
            DestinationQuota quota,
            Predicate<List<Destination>> allowed,
            Consumer<ProtocolException> evict) {}

    private final Queues queues;
    private final FeedSource topics;
    private final QueueOptions options;
    private final DestinationLimits limits;
    /** Changes under the lock; read without it too. */
    private final Map<Key, Durable> byKey = new ConcurrentHashMap<>();

    public DurableSubscriptions(Queues queues, FeedSource topics, QueueOptions options, DestinationLimits limits) {
        this.queues = queues;
        this.topics = topics;
        this.options = options;
        this.limits = limits;
    }

    /**
     * Goes on with the durable subscription of this key, or begins it; called on the holder's loop. A connection that has
     * it loses it, and is closed: its client has come back, and the old socket lingers.
     *
     * @return what to run when the subscriber goes, on its loop
     * @throws ProtocolException when the same connection has it already, or there is no room
     */
    public Runnable subscribe(Key key, List<Destination> destinations, QueueSubscriber subscriber, Holder holder) {
        Durable.Terms terms = Durable.Terms.of(destinations, subscriber.filter());
        Durable old;
        Durable durable;
        Durable.Attachment evicted;
        Durable.Attachment attachment;
        boolean mustWait;
        synchronized (this) {
            old = byKey.get(key);
            evicted = old == null ? null : old.attachment;
            if (evicted != null && evicted.holder() == holder) {
                throw inUse(key, evicted, holder);
            }
            durable = old != null && old.terms.equals(terms) ? old : begin(key, terms, subscriber, holder);
            attachment =
                    new Durable.Attachment(new QueueConsumer(durable.queue, subscriber, MessageFilter.ALL), holder);
            durable.attachment = attachment;
            durable.allowed = holder.allowed();
            durable.absences++;
            durable.leaving += durable == old && evicted != null ? 1 : 0;
            mustWait = durable.leaving > 0;
        }
        if (evicted != null) {
            evict(key, evicted, holder);
        }
        if (durable == old) {
            goOn(durable, subscriber.filter());
        } else {
            if (old != null) {
                end(old);
            }
            listen(key, durable);
        }
        if (!mustWait) {
            attachment.begin();
        }
        return () -> leave(key, durable, attachment);
    }

    private static void evict(Key key, Durable.Attachment evicted, Holder by) {
        ProtocolException why = new ProtocolException(
                "taken over",
                "another connection" + (by.name().isEmpty() ? "" : " (" + by.name() + ")")
                        + " of this user and client-id has taken over the durable subscription "
                        + Printable.of(key.name()),
                CloseCode.POLICY);
        Holder holder = evicted.holder();
        holder.loop().loop().execute(() -> holder.evict().accept(why));
    }

    private static void goOn(Durable durable, MessageFilter filter) {
        // no-local is about the connection there is now; what that sends comes to the loop behind this
        durable.home.loop().execute(() -> {
            durable.cancelExpiry();
            durable.binding.filter(filter);
        });
    }

    private static ProtocolException inUse(Key key, Durable.Attachment attachment, Holder asking) {
        Holder holder = attachment.holder();
        String which = holder == asking
                ? "this connection, as "
                        + Printable.of(String.valueOf(
                                attachment.consumer().subscriber().encoding().subscription())) + ","
                : "another connection" + (holder.name().isEmpty() ? "" : " (" + holder.name() + ")");
        return new ProtocolException(
                "subscription in use",
                which + " has the durable subscription " + Printable.of(key.name()) + " of this client-id");
    }

    /** Binds a new one to all of its topics, or to none. */
    private void listen(Key key, Durable durable) {
        try {
            for (Destination destination : durable.terms.destinations()) {
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

    private Durable begin(Key key, Durable.Terms terms, QueueSubscriber subscriber, Holder founder) {
        if (!byKey.containsKey(key)) {
            checkRoom();
        }
        founder.quota().add(terms.destinations().size());
        Queue queue = queues.newPrivate();
        QueueBinding binding = new QueueBinding(
                queues,
                queue,
                subscriber.filter(),
                (full, message) -> replaceOldest(queue, message),
                terms.destinations().size());
        Durable durable = new Durable(terms, queue, binding, founder);
        byKey.put(key, durable);
        return durable;
    }

    /** A client that comes back later wants what is new. */
    private void replaceOldest(Queue queue, Message message) {
        while (!message.properties().isAtOnce() && queue.dropOldestFor(message)) {
            try {
                queues.offer(queue, message);
                return;
            } catch (ProtocolException full) {
                // there are more to drop
            }
        }
    }

    /** A subscriber goes: the client is away from now on, or has come back on another connection. */
    private void leave(Key key, Durable durable, Durable.Attachment attachment) {
        durable.queue.unsubscribe(attachment.consumer());
        Durable.Attachment next = null;
        long absence;
        synchronized (this) {
            if (durable.attachment == attachment) {
                durable.attachment = null;
            } else {
                // what it had not settled is back in the queue by now
                durable.leaving--;
                next = durable.leaving == 0 ? durable.attachment : null;
            }
            if (durable.attachment != null || byKey.get(key) != durable) {
                absence = -1;
            } else {
                absence = ++durable.absences;
            }
        }
        if (next != null) {
            next.holder().loop().loop().execute(next::begin);
        }
        if (absence >= 0) {
            away(key, durable, absence);
        }
    }

    private void away(Key key, Durable durable, long absence) {
        if (durable.isForbidden()) {
            endAway(key, durable);
            return;
        }
        durable.home.loop().execute(() -> {
            durable.cancelExpiry();
            durable.expiry = durable.home.loop().schedule(options.durableExpiry(), () -> expire(key, durable, absence));
        });
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
            away.values().removeIf(durable -> durable.attachment != null);
        }
        away.forEach((key, durable) -> {
            if (durable.isForbidden()) {
                endAway(key, durable);
            }
        });
    }

    private boolean endAway(Key key, Durable durable) {
        synchronized (this) {
            if (durable.attachment != null || !byKey.remove(key, durable)) {
                return false;
            }
        }
        end(durable);
        return true;
    }

    /** Ends the durable subscription of an absent client; false: there is none, or its client is not absent. */
    public boolean endAway(Key key) {
        Durable durable = byKey.get(key);
        return durable != null && endAway(key, durable);
    }

    /** What operators see of each; ones that come or go meanwhile may be among them. */
    public Stream<DurableSubscriptionStatus> status() {
        return byKey.entrySet().stream().map(entry -> status(entry.getKey(), entry.getValue()));
    }

    private DurableSubscriptionStatus status(Key key, Durable durable) {
        boolean connected;
        synchronized (this) {
            connected = durable.attachment != null;
        }
        return new DurableSubscriptionStatus(
                key.user(),
                key.clientId(),
                key.name(),
                durable.terms.destinations().stream().map(DestinationText::of).toList(),
                durable.terms.selector(),
                connected,
                durable.queue.desk().status());
    }

    /**
     * Makes sure that a connection may end a durable subscription for good.
     *
     * @param own the connection's subscription that ends with it; null: none
     * @throws ProtocolException when another subscription has it
     */
    public synchronized void checkDelete(Key key, @Nullable QueueSubscriber own, Holder asking) {
        Durable durable = byKey.get(key);
        Durable.Attachment attachment = durable == null ? null : durable.attachment;
        if (attachment != null && attachment.consumer().subscriber() != own) {
            throw inUse(key, attachment, asking);
        }
    }

    /**
     * Ends a durable subscription for good.
     *
     * @return false when there is none
     * @throws ProtocolException when a connection has it
     */
    public boolean delete(Key key, Holder asking) {
        Durable durable;
        synchronized (this) {
            checkDelete(key, null, asking);
            durable = byKey.remove(key);
        }
        if (durable != null) {
            end(durable);
        }
        return durable != null;
    }

    private void end(Durable durable) {
        durable.founder.remove(durable.terms.destinations().size());
        durable.home.loop().execute(() -> {
            durable.cancelExpiry();
            durable.binding.end();
            queues.end(durable.queue);
            for (Destination destination : durable.terms.destinations()) {
                topics.remove(destination, durable.binding, durable.home);
            }
        });
    }

    /** The number of durable subscriptions, those of absent clients included. */
    public synchronized int count() {
        return byKey.size();
    }
}
