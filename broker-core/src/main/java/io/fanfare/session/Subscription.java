package io.fanfare.session;

import io.fanfare.loop.Memory;
import io.fanfare.loop.Outbox;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.Sender;
import io.fanfare.queue.AckMode;
import io.fanfare.queue.Deliveries;
import io.fanfare.queue.QueueSubscriber;
import io.fanfare.queue.QueueSubscriber.ConsumerOptions;
import io.fanfare.queue.Unsettled;
import io.fanfare.status.SubscriptionStatus;
import io.fanfare.topic.BackloggedSubscriptions;
import io.fanfare.topic.TopicSubscriber;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One SUBSCRIBE of one session, until its UNSUBSCRIBE. Owned by the session's loop. */
final class Subscription implements TopicSubscriber, QueueSubscriber {

    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    /** What one takes: its own objects, and its places with its session and its topic. */
    private static final long OVERHEAD_BYTES = 750;

    /** What each of its destinations takes beside that. */
    private static final long DESTINATION_BYTES = 250;

    /**
     * The connection that subscribes.
     *
     * @param sender its own messages, for {@code no-local}
     */
    record Owner(Outbox outbox, Sender sender, Deliveries deliveries, BackloggedSubscriptions backlogs) {}

    private final Owner owner;
    private final List<Destination> destinations;
    private final Encoding encoding;
    private final SubscribeOptions options;
    private final MessageFilter filter;
    private boolean active = true;

    /** How to take it out of each of its destinations again. */
    private final List<Runnable> bindings = new ArrayList<>(1);

    /** Null until a message waits for its ACK. */
    private @Nullable ArrayDeque<Unsettled> unsettled;

    Subscription(Owner owner, List<Destination> destinations, Encoding encoding, SubscribeOptions options) {
        this.owner = owner;
        this.destinations = destinations;
        this.encoding = encoding;
        this.options = options;
        this.filter = MessageFilter.of(options.selector(), options.noLocal() ? owner.sender() : null);
    }

    @Override
    public Outbox outbox() {
        return owner.outbox();
    }

    @Override
    public String owner() {
        return owner.sender().quota().owner();
    }

    @Override
    public List<Destination> destinations() {
        return destinations;
    }

    @Override
    public Encoding encoding() {
        return encoding;
    }

    SubscribeOptions options() {
        return options;
    }

    @Override
    public MessageFilter filter() {
        return filter;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public boolean isComposite() {
        return destinations.size() > 1;
    }

    @Override
    public DeliveryPolicy policy() {
        return options.policy();
    }

    @Override
    public boolean hasValuesBefore() {
        return options.replay().hasValuesBefore() && filter.isAll();
    }

    @Override
    public BackloggedSubscriptions backlogs() {
        return owner.backlogs();
    }

    @Override
    public AckMode ackMode() {
        return options.ackMode();
    }

    @Override
    public ConsumerOptions consumerOptions() {
        return options.consumer();
    }

    @Override
    public Deliveries deliveries() {
        return owner.deliveries();
    }

    @Override
    public ArrayDeque<Unsettled> unsettled() {
        if (unsettled == null) {
            unsettled = new ArrayDeque<>();
        }
        return unsettled;
    }

    SubscriptionStatus status(String connection, String user, String id) {
        return new SubscriptionStatus(
                connection,
                user,
                id,
                destinations.stream().map(DestinationText::of).toList(),
                options.ackMode().toString(),
                filter.text(),
                options.durable(),
                options.browser(),
                options.consumer().prefetch(),
                unsettled == null ? 0 : unsettled.size());
    }

    /** Counts what it takes under this id, until its end; the filter of a durable one counts there, also while its client is away. */
    void count(String id, Memory memory) {
        boolean isFilterElsewhere = options.durable() && destinations.get(0).kind() != Destination.Kind.QUEUE;
        long bytes = OVERHEAD_BYTES
                + DESTINATION_BYTES * destinations.size()
                + id.length()
                + options.policy().bytes()
                + (isFilterElsewhere ? 0 : filter.bytes());
        memory.hold(bytes);
        bind(() -> memory.hold(-bytes));
    }

    /** Remembers how to undo one of the things that were done for it. */
    void bind(Runnable undo) {
        assert outbox().loop().isCurrent();
        bindings.add(undo);
    }

    /** Takes it out of its destinations; no message reaches it any more. */
    void end() {
        assert outbox().loop().isCurrent();
        active = false;
        owner.backlogs().end(this);
        for (Runnable undo : bindings) {
            try {
                undo.run();
            } catch (RuntimeException | Error e) {
                // the other destinations must not keep it
                LOG.error("bug while ending a subscription", e);
            }
        }
        bindings.clear();
    }
}
