package io.fanfare.durable;

import io.fanfare.backplane.Backplane;
import io.fanfare.backplane.DurableKey;
import io.fanfare.backplane.DurableRegistry;
import io.fanfare.backplane.DurableTerms;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Memory;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.MessageFilter;
import io.fanfare.options.DestinationLimits;
import io.fanfare.options.QueueOptions;
import io.fanfare.options.TopicRule;
import io.fanfare.queue.QueueSubscriber;
import io.fanfare.queue.Queues;
import io.fanfare.retention.Order;
import io.fanfare.statistics.MessageCounts;
import io.fanfare.status.DurableSubscriptionStatus;
import io.fanfare.status.QueueStatus;
import io.fanfare.topic.Topics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Durable subscriptions of several nodes. How far each has come is kept outside of the nodes, and its messages are those that
 * its topics keep: while its client is away, no node has anything of it. Any thread may call.
 */
public final class SharedDurables implements Durables {

    /** Parts of a {@link DurableBacklog}, the owner of its subscription, and the accounts that count it. */
    record Parts(
            EventLoop loop,
            String owner,
            MessageFilter filter,
            QueueOptions limits,
            Memory memory,
            MessageCounts counts) {}

    private final Backplane backplane;
    private final Queues queues;
    private final Topics topics;
    private final QueueOptions options;
    private final DestinationLimits limits;
    private final Memory memory;
    private final MessageCounts counts;

    /** Those that connections to this node have. */
    private final Map<DurableKey, SharedDurable> here = new ConcurrentHashMap<>();

    public SharedDurables(
            Backplane backplane,
            Queues queues,
            Topics topics,
            QueueOptions options,
            DestinationLimits limits,
            Memory memory,
            MessageCounts counts) {
        this.backplane = backplane;
        this.queues = queues;
        this.topics = topics;
        this.options = options;
        this.limits = limits;
        this.memory = memory;
        this.counts = counts;
    }

    private DurableRegistry registry() {
        return backplane.durables();
    }

    Queues queues() {
        return queues;
    }

    Topics topics() {
        return topics;
    }

    Parts parts(EventLoop loop, String owner, MessageFilter filter) {
        return new Parts(loop, owner, filter, options, memory, counts);
    }

    @Override
    public Begun subscribe(DurableKey key, List<Destination> destinations, QueueSubscriber subscriber, Holder holder) {
        Order order = order(destinations);
        SharedDurable before = here.get(key);
        if (before != null && before.isActive() && before.holder() == holder) {
            throw Refusals.inUse(key, true);
        }
        int known = registry().all().size();
        if (known >= limits.maxDestinations() && registry().get(key).isEmpty()) {
            throw Refusals.tooMany(known, limits.maxDestinations());
        }
        holder.quota().add(destinations.size());
        SharedDurable fresh = new SharedDurable(this, key, destinations, order, subscriber, holder);
        here.put(key, fresh);
        DurableTerms terms = new DurableTerms(
                destinations.stream().map(DestinationText::of).toList(),
                subscriber.filter().text(),
                subscriber.filter().exceptFrom() != null);
        return new Begun(fresh::end, fresh.begin(registry().claim(key, terms, fresh.start(), fresh.claimant())));
    }

    /** The one order that all these topics are in. */
    private Order order(List<Destination> destinations) {
        TopicRule common = null;
        for (Destination each : destinations) {
            TopicRule rule = topics.keptRule(each);
            if (rule == null || !rule.hasHistory()) {
                throw Refusals.notAvailable(
                        "several nodes keep messages for a client that is away where a rule in topics"
                                + " has a history, and " + DestinationText.address(each)
                                + (rule == null ? " is not within one" : " has a rule without a history")
                                + "; or use a queue that queues.shared names");
            }
            if (common != null && !common.match().equals(rule.match())) {
                throw Refusals.notAvailable(
                        "the topics of one durable subscription on several nodes are within one rule in"
                                + " topics, and these are of " + common.match() + " and " + rule.match());
            }
            common = rule;
        }
        Order order = topics.orderOf(destinations.get(0));
        if (order == null) {
            throw Refusals.notAvailable("what topics keep has not been read yet; try again");
        }
        return order;
    }

    /** A connection has it no more. */
    void gone(DurableKey key, SharedDurable durable) {
        here.remove(key, durable);
    }

    @Override
    public void checkDelete(DurableKey key, @Nullable QueueSubscriber own, Holder asking) {
        SharedDurable attached = here.get(key);
        if (attached != null && attached.isActive()) {
            if (attached.subscriber() != own) {
                throw Refusals.inUse(key, attached.holder() == asking);
            }
        } else if (registry().get(key).map(DurableRegistry.Entry::isConnected).orElse(false)) {
            throw Refusals.inUse(key, false);
        }
    }

    @Override
    public Ended delete(DurableKey key, Holder asking) {
        SharedDurable attached = here.get(key);
        // a claim of this connection that is still on its way ends with it
        boolean isOwn = attached != null && !attached.isActive() && attached.holder() == asking;
        if (!isOwn) {
            checkDelete(key, null, asking);
        }
        boolean isFound = attached != null || registry().get(key).isPresent();
        return new Ended(isFound, isFound ? registry().end(key) : null);
    }

    /** A client's permissions are asked for when it comes back; no node has anything for it before. */
    @Override
    public void permissionsChanged() {}

    @Override
    public boolean endAway(DurableKey key) {
        Optional<DurableRegistry.Entry> known = registry().get(key);
        if (known.isEmpty() || known.get().isConnected()) {
            return false;
        }
        registry().end(key);
        return true;
    }

    @Override
    public void endAllAway() {
        registry().all().forEach(each -> endAway(each.key()));
    }

    @Override
    public Stream<DurableSubscriptionStatus> status() {
        return registry().all().stream().map(this::status);
    }

    private DurableSubscriptionStatus status(DurableRegistry.Entry entry) {
        SharedDurable attached = here.get(entry.key());
        DurableBacklog.Counts now = attached == null ? DurableBacklog.Counts.NONE : attached.counts();
        return new DurableSubscriptionStatus(
                entry.key().user(),
                entry.key().clientId(),
                entry.key().name(),
                entry.terms().destinations(),
                entry.terms().selector(),
                entry.isConnected(),
                new QueueStatus(
                        "",
                        now.waiting(),
                        now.unsettled(),
                        0,
                        0,
                        now.bytes(),
                        attached == null ? 0 : 1,
                        null,
                        now.in(),
                        now.out(),
                        false));
    }

    @Override
    public int count() {
        return registry().all().size();
    }
}
