package io.fanfare.session;

import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import io.fanfare.loop.Memory;
import io.fanfare.loop.Outbox;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.message.TopicMember;
import io.fanfare.publish.Destinations;
import io.fanfare.queue.AckMode;
import io.fanfare.queue.Queue;
import io.fanfare.queue.QueueBinding;
import io.fanfare.queue.QueueBrowser;
import io.fanfare.queue.QueueConsumer;
import io.fanfare.quota.DestinationQuota;
import io.fanfare.topic.Topics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Binds one session's subscriptions to their topics and queues. Owned by the session's loop. */
final class SubscriptionBinder {

    static final CompletableFuture<Headers> NOTHING_TO_SAY = CompletableFuture.completedFuture(Headers.EMPTY);

    /** What a temporary destination takes that is remembered, beside its name. */
    private static final long TEMPORARY_BYTES = 200;

    private final Session session;
    private final BrokerLoop loop;
    private final Destinations destinations;
    private final int maxTemporaries;
    private final Memory memory;
    private final DestinationQuota quota;
    private final Replies replies;
    private final Outbox outbox;

    /** Null until there is one. */
    private @Nullable Browsers browsers;

    /** Temporary destinations that have had a subscription; of very many, the last ones. */
    private Set<Destination> temporaries = Collections.emptySet();

    SubscriptionBinder(
            Session session,
            BrokerLoop loop,
            Outbox outbox,
            SessionServices services,
            DestinationQuota quota,
            Replies replies) {
        this.session = session;
        this.loop = loop;
        this.destinations = services.destinations();
        this.maxTemporaries = services.options().limits().maxSubscriptions();
        this.memory = services.memory();
        this.quota = quota;
        this.replies = replies;
        this.outbox = outbox;
    }

    /**
     * Binds a subscription to all of these, or to none.
     *
     * @param text the destination as the client wrote it
     * @return headers of the RECEIPT that say where it begins; completed at once or later, on the loop
     * @throws ProtocolException when there is no room for one of them
     */
    CompletableFuture<Headers> bind(List<Destination> all, Subscription subscription, String text) {
        assert loop.isCurrent();
        all.forEach(this::remember);
        try {
            List<Destination> listened = new ArrayList<>(all.size());
            for (Destination destination : all) {
                if (destination.kind() == Destination.Kind.QUEUE) {
                    // they are read one behind the other
                    boolean isLast = destination == all.get(all.size() - 1);
                    bind(
                            destination,
                            subscription,
                            isLast ? () -> replies.browserEnd(subscription.encoding(), text) : () -> {});
                } else {
                    listened.add(destination);
                }
            }
            if (listened.isEmpty()) {
                return NOTHING_TO_SAY;
            }
            return listened.get(0).isPresence()
                    ? watch(listened.get(0), subscription, text)
                    : listen(listened, subscription, text);
        } catch (ProtocolException e) {
            subscription.end();
            throw e;
        }
    }

    private void remember(Destination destination) {
        if (destination.temporaryOwner() == null) {
            return;
        }
        temporaries = temporaries.isEmpty() ? new LinkedHashSet<>() : temporaries;
        if (temporaries.add(destination)) {
            memory.hold(bytes(destination));
            if (temporaries.size() > maxTemporaries) {
                Destination oldest = temporaries.iterator().next();
                temporaries.remove(oldest);
                memory.hold(-bytes(oldest));
            }
        }
    }

    private static long bytes(Destination temporary) {
        return TEMPORARY_BYTES + temporary.name().length();
    }

    /** Whether the client has, or has had, a subscription to a temporary destination. */
    boolean hasHad(Destination temporary) {
        return temporaries.contains(temporary);
    }

    /** Binds a queue; a browser tells its end. */
    private void bind(Destination queue, Subscription subscription, Runnable atEnd) {
        if (destinations.queues().isOutside(queue)) {
            subscription.options().checkShared(queue);
        }
        if (subscription.options().browser()) {
            browse(queue, subscription, atEnd);
        } else {
            consume(destinations.queues().subscribe(queue, subscription, quota), subscription);
        }
    }

    /** Whether a subscription that can be durable is to queues, which keep their messages in any case. */
    static boolean areQueues(List<Destination> destinations) {
        return destinations.get(0).kind() == Destination.Kind.QUEUE;
    }

    /** How messages of a subscription are written; its id is the given one, or what stands for it. */
    static Encoding encoding(Encoding encoding, String id, @Nullable String given) {
        // STOMP 1.0, MESSAGE: the header subscription is there when SUBSCRIBE gave an id; from 1.1 on it always is.
        // A client of events has one subscription, and knows no id
        boolean isShown =
                encoding.framing() != Framing.EVENTS && (given != null || encoding.version() != StompVersion.V1_0);
        return encoding.of(isShown ? id : null);
    }

    private void browse(Destination destination, Subscription subscription, Runnable atEnd) {
        Queue queue = destinations.queues().get(destination, quota);
        QueueBrowser browser = new QueueBrowser(
                queue, subscription, loop.messages(), destinations.queues().clock(), atEnd);
        Browsers all = browsers();
        all.add(browser);
        subscription.bind(() -> all.remove(browser));
    }

    private Browsers browsers() {
        if (browsers == null) {
            browsers = new Browsers(destinations.queues(), outbox);
        }
        return browsers;
    }

    private void consume(QueueConsumer consumer, Subscription subscription) {
        subscription.bind(() -> {
            subscription.deliveries().leave(consumer);
            destinations.queues().collect(consumer.queue());
        });
    }

    private CompletableFuture<Headers> listen(List<Destination> all, Subscription subscription, String text) {
        Topics topics = destinations.topics();
        // one for all topics: a message that several of them match comes once
        TopicMember member =
                subscription.ackMode() == AckMode.AUTO ? subscription : acknowledged(subscription, all.size());
        for (Destination destination : all) {
            quota.add(1);
            subscription.bind(() -> {
                quota.remove(1);
                destinations.topics().remove(destination, member, loop);
            });
        }
        if (subscription.policy().delta()) {
            topics.retained().wantPatches();
            subscription.bind(topics.retained()::wantPatchesNoMore);
        }
        if (member == subscription) {
            Runnable snapshotEnd = () -> replies.snapshotEnd(subscription.encoding(), text);
            return topics.subscribe(
                    all, subscription, loop, subscription.options().replay(), snapshotEnd);
        }
        all.forEach(destination -> topics.add(destination, member, loop));
        return NOTHING_TO_SAY;
    }

    private CompletableFuture<Headers> watch(Destination presence, Subscription subscription, String text) {
        quota.add(1);
        subscription.bind(() -> quota.remove(1));
        subscription.bind(destinations
                .presence()
                .subscribe(
                        presence,
                        subscription,
                        subscription.options().presenceCount(),
                        loop,
                        () -> replies.presenceEnd(subscription.encoding(), text)));
        return NOTHING_TO_SAY;
    }

    /** Topic messages that wait for their ACK wait in a queue of the subscription's own. */
    private QueueBinding acknowledged(Subscription subscription, int topics) {
        Queue queue = destinations.queues().newPrivate();
        QueueConsumer consumer = new QueueConsumer(queue, subscription, MessageFilter.ALL);
        queue.subscribe(consumer);
        consume(consumer, subscription);
        QueueBinding binding = new QueueBinding(
                destinations.queues(),
                queue,
                subscription.owner(),
                subscription.filter(),
                (full, message) -> loop.loop().execute(() -> session.tooSlow(full.detail())),
                topics);
        subscription.bind(binding::end);
        subscription.bind(() -> destinations.queues().end(queue));
        return binding;
    }

    /** The session has ended. */
    void end() {
        memory.hold(-temporaries.stream().mapToLong(SubscriptionBinder::bytes).sum());
        temporaries = Collections.emptySet();
    }

    /** Everything has left the outbox. */
    void drained() {
        assert session.loop().isCurrent();
        if (browsers != null) {
            browsers.drained();
        }
    }
}
