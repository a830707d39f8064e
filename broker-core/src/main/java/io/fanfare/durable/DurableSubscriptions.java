package io.fanfare.durable;

import io.fanfare.backplane.DurableKey;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.FeedSource;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.QueueOptions;
import io.fanfare.queue.Queue;
import io.fanfare.queue.QueueAdministration;
import io.fanfare.queue.QueueBinding;
import io.fanfare.queue.QueueConsumer;
import io.fanfare.queue.QueueSubscriber;
import io.fanfare.queue.Queues;
import io.fanfare.status.DurableSubscriptionStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions to topics that go on while their client is away, in memory. Any thread may call; the binding of each to
 * its topics lives on the loop of the connection that began it.
 */
public final class DurableSubscriptions implements Durables {

    private final Queues queues;
    private final FeedSource topics;
    private final QueueOptions options;
    private final DestinationLimits limits;
    private final Memory memory;
    /** Changes under the lock; read without it too. */
    private final Map<DurableKey, Durable> byKey = new ConcurrentHashMap<>();

    public DurableSubscriptions(
            Queues queues, FeedSource topics, QueueOptions options, DestinationLimits limits, Memory memory) {
        this.queues = queues;
        this.topics = topics;
        this.options = options;
        this.limits = limits;
        this.memory = memory;
    }

    @Override
    public Begun subscribe(DurableKey key, List<Destination> destinations, QueueSubscriber subscriber, Holder holder) {
        Durable.Terms terms = Durable.Terms.of(destinations, subscriber.filter());
        Durable.Change change = attach(key, terms, null, subscriber, holder);
        if (change == null) {
            // bound before it takes the place of another, which a client that is refused keeps
            Durable fresh = begin(key, terms, subscriber, holder);
            try {
                change = attach(key, terms, fresh, subscriber, holder);
            } finally {
                if (change == null || change.durable() != fresh) {
                    end(fresh);
                }
            }
        }
        Durable durable = Objects.requireNonNull(change).durable();
        Durable.Attachment attachment = change.attachment();
        if (change.evicted() != null) {
            evict(key, change.evicted(), holder);
        }
        if (durable == change.before()) {
            goOn(durable, subscriber.filter());
        } else if (change.before() != null) {
            end(change.before());
        }
        if (!change.mustWait()) {
            attachment.begin();
        }
        return new Begun(() -> leave(key, durable, attachment), null);
    }

    /**
     * Gives the holder the durable subscription that the key means, or the fresh one where that has other terms.
     *
     * @return null when a fresh one is needed and there is none
     */
    private synchronized Durable.@Nullable Change attach(
            DurableKey key, Durable.Terms terms, @Nullable Durable fresh, QueueSubscriber subscriber, Holder holder) {
        Durable before = byKey.get(key);
        Durable.Attachment evicted = before == null ? null : before.attachment;
        if (evicted != null && evicted.holder() == holder) {
            throw Refusals.inUse(key, evicted, holder);
        }
        if (before == null) {
            checkRoom();
        }
        Durable durable = before != null && before.terms.equals(terms) ? before : fresh;
        if (durable == null) {
            return null;
        }
        byKey.put(key, durable);
        Durable.Attachment attachment =
                new Durable.Attachment(new QueueConsumer(durable.queue, subscriber, MessageFilter.ALL), holder);
        durable.attachment = attachment;
        durable.allowed = holder.allowed();
        durable.attachments++;
        durable.leaving += durable == before && evicted != null ? 1 : 0;
        return new Durable.Change(durable, attachment, before, evicted, durable.leaving > 0);
    }

    private static void evict(DurableKey key, Durable.Attachment evicted, Holder by) {
        ProtocolException why = Refusals.takenOver(key, by.name());
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

    /** Refuses one too many: durable subscriptions wait a day for clients that need not come back. */
    private void checkRoom() {
        if (byKey.size() >= limits.maxDestinations()) {
            throw Refusals.tooMany(byKey.size(), limits.maxDestinations());
        }
    }

    /** A new one, bound to all of its topics. */
    private Durable begin(DurableKey key, Durable.Terms terms, QueueSubscriber subscriber, Holder founder) {
        founder.quota().add(terms.destinations().size());
        Queue queue = queues.newPrivate();
        QueueBinding binding = new QueueBinding(
                queues,
                queue,
                founder.quota().owner(),
                subscriber.filter(),
                (full, message) -> replaceOldest(queue, message),
                terms.destinations().size());
        Durable durable = new Durable(key, terms, subscriber.filter(), queue, binding, founder);
        memory.hold(durable.bytes());
        try {
            for (Destination destination : terms.destinations()) {
                topics.add(destination, binding, durable.home);
            }
        } catch (ProtocolException e) {
            end(durable);
            throw e;
        }
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
    private void leave(DurableKey key, Durable durable, Durable.Attachment attachment) {
        QueueConsumer consumer = attachment.consumer();
        consumer.subscriber().deliveries().leave(consumer);
        long absence = -1;
        synchronized (this) {
            if (durable.attachment == attachment) {
                durable.attachment = null;
                durable.leaving++;
                if (byKey.get(key) == durable) {
                    absence = durable.attachments;
                }
            }
        }
        // behind all messages that were on their way to it, and go back
        attachment.holder().loop().loop().execute(() -> left(durable));
        if (absence >= 0) {
            away(key, durable, absence);
        }
    }

    /** All that a connection did not get is back in the queue: the next one may begin. */
    private void left(Durable durable) {
        Durable.Attachment next;
        synchronized (this) {
            durable.leaving--;
            next = durable.leaving == 0 ? durable.attachment : null;
        }
        if (next != null) {
            next.holder().loop().loop().execute(next::begin);
        }
    }

    private void away(DurableKey key, Durable durable, long absence) {
        if (durable.isForbidden()) {
            endAway(key, durable);
            return;
        }
        durable.home.loop().execute(() -> {
            durable.cancelExpiry();
            durable.expiry = durable.home.loop().schedule(options.durableExpiry(), () -> expire(key, durable, absence));
        });
    }

    private void expire(DurableKey key, Durable durable, long absence) {
        synchronized (this) {
            if (durable.attachments != absence || !byKey.remove(key, durable)) {
                return;
            }
        }
        end(durable);
    }

    @Override
    public void permissionsChanged() {
        Map<DurableKey, Durable> away;
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

    private boolean endAway(DurableKey key, Durable durable) {
        synchronized (this) {
            if (durable.attachment != null || !byKey.remove(key, durable)) {
                return false;
            }
        }
        end(durable);
        return true;
    }

    @Override
    public boolean endAway(DurableKey key) {
        Durable durable = byKey.get(key);
        return durable != null && endAway(key, durable);
    }

    @Override
    public void endAllAway() {
        byKey.forEach(this::endAway);
    }

    @Override
    public Stream<DurableSubscriptionStatus> status() {
        return byKey.entrySet().stream().map(entry -> status(entry.getKey(), entry.getValue()));
    }

    private DurableSubscriptionStatus status(DurableKey key, Durable durable) {
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
                QueueAdministration.status(durable.queue));
    }

    @Override
    public synchronized void checkDelete(DurableKey key, @Nullable QueueSubscriber own, Holder asking) {
        Durable durable = byKey.get(key);
        Durable.Attachment attachment = durable == null ? null : durable.attachment;
        if (attachment != null && attachment.consumer().subscriber() != own) {
            throw Refusals.inUse(key, attachment, asking);
        }
    }

    @Override
    public Ended delete(DurableKey key, Holder asking) {
        Durable durable;
        synchronized (this) {
            checkDelete(key, null, asking);
            durable = byKey.remove(key);
        }
        if (durable != null) {
            end(durable);
        }
        return new Ended(durable != null, null);
    }

    private void end(Durable durable) {
        durable.founder.remove(durable.terms.destinations().size());
        memory.hold(-durable.bytes());
        durable.home.loop().execute(() -> {
            durable.cancelExpiry();
            durable.binding.end();
            queues.end(durable.queue);
            for (Destination destination : durable.terms.destinations()) {
                topics.remove(destination, durable.binding, durable.home);
            }
        });
    }

    @Override
    public synchronized int count() {
        return byKey.size();
    }
}
