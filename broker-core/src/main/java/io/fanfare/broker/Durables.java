package io.fanfare.broker;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions to topics that go on while their client is away, in memory, by client id and name. Any thread may call;
 * each feed lives on the loop that made it.
 */
final class Durables {

    /** What makes a durable subscription this one: with other destinations or another selector it is a new one. */
    private record Terms(List<Destination> destinations, String selector) {}

    private static final class Durable {
        final Terms terms;
        final Queue queue;
        final Feed feed;
        final LoopState home;
        boolean attached = true;

        /** Tells one absence from the next. */
        long absences;

        /** Ends the absence there is; the home loop's own. */
        @Nullable
        Timer expiry;

        Durable(Terms terms, Queue queue, Feed feed, LoopState home) {
            this.terms = terms;
            this.queue = queue;
            this.feed = feed;
            this.home = home;
        }
    }

    private final Destinations destinations;
    private final BrokerOptions options;
    private final Map<String, Durable> byName = new HashMap<>();

    Durables(Destinations destinations, BrokerOptions options) {
        this.destinations = destinations;
        this.options = options;
    }

    /** Goes on with the durable subscription of this client and name, or begins it; called on the session's loop. */
    void subscribe(
            String clientId, String name, List<Destination> targets, Subscription subscription, LoopState state) {
        String key = clientId + '\n' + name;
        Durable durable = attach(key, new Terms(targets, selector(subscription)), subscription, state);
        Consumer consumer = new Consumer(durable.queue, subscription, state.loop(), MessageFilter.ALL);
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

    private Durable attach(String key, Terms terms, Subscription subscription, LoopState state) {
        Durable old;
        Durable durable;
        synchronized (this) {
            old = byName.get(key);
            if (old != null && old.attached) {
                throw new ProtocolException(
                        "subscription in use",
                        "another connection has the durable subscription "
                                + Printable.of(key.substring(key.indexOf('\n') + 1)) + " of this client-id");
            }
            if (old != null && old.terms.equals(terms)) {
                old.attached = true;
                old.absences++;
                Durable back = old;
                back.home.loop().execute(() -> cancelExpiry(back));
                return back;
            }
            if (old == null) {
                checkRoom();
            }
            durable = begin(terms, subscription, state);
            byName.put(key, durable);
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
                byName.remove(key, durable);
            }
            end(durable);
            throw e;
        }
        return durable;
    }

    /** They wait a day for clients that need not come back. */
    private void checkRoom() {
        if (byName.size() >= options.maxDestinations()) {
            throw new ProtocolException(
                    "too many durable subscriptions",
                    String.format(
                            Locale.ROOT,
                            "the broker has %,d durable subscriptions, its limit is %,d (max_destinations)",
                            byName.size(),
                            options.maxDestinations()),
                    CloseCode.OVERLOAD);
        }
    }

    private Durable begin(Terms terms, Subscription subscription, LoopState state) {
        Queue queue = destinations.queues().newPrivate("durable");
        MessageFilter filter = new MessageFilter(subscription.options().selector(), null);
        Feed[] feed = new Feed[1];
        feed[0] = new Feed(queue, filter, (full, message) -> {
            // who comes back later wants what is new
            if (queue.dropOldest()) {
                feed[0].offer(message);
            }
        });
        return new Durable(terms, queue, feed[0], state);
    }

    private void listen(Destination target, Feed feed, LoopState state) {
        switch (target.kind()) {
            case TOPIC -> destinations.topics().add(target.key(), feed, state);
            case PATTERN -> destinations.topics().addPattern(Words.splitPattern(target.key()), feed, state);
            case QUEUE ->
                throw new ProtocolException(
                        "invalid durable subscription", "a queue keeps its messages anyway; durable is for topics");
        }
    }

    private void detach(String key, Durable durable) {
        long absence;
        synchronized (this) {
            durable.attached = false;
            absence = ++durable.absences;
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

    private void expire(String key, Durable durable, long absence) {
        synchronized (this) {
            if (durable.absences != absence || !byName.remove(key, durable)) {
                return;
            }
        }
        end(durable);
    }

    /** Ends a durable subscription for good; false when there is none. */
    boolean delete(@Nullable String clientId, @Nullable String name) {
        Durable durable;
        synchronized (this) {
            durable = byName.remove(clientId + '\n' + name);
        }
        if (durable != null) {
            end(durable);
        }
        return durable != null;
    }

    private void end(Durable durable) {
        durable.home.loop().execute(() -> {
            cancelExpiry(durable);
            durable.feed.end();
            durable.queue.abandon();
            for (Destination target : durable.terms.destinations) {
                if (target.kind() == Destination.Kind.TOPIC) {
                    destinations.topics().remove(target.key(), durable.feed, durable.home);
                } else {
                    destinations.topics().removePattern(Words.splitPattern(target.key()), durable.feed, durable.home);
                }
            }
        });
    }

    synchronized int count() {
        return byName.size();
    }

    /** The client id that a durable subscription needs. */
    static String requireClientId(@Nullable String clientId) {
        if (clientId == null) {
            throw new ProtocolException(
                    "missing client-id", "a durable subscription needs the header client-id on CONNECT");
        }
        return Objects.requireNonNull(clientId);
    }
}
