package io.fanfare.broker;

import io.fanfare.frame.Frame;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One session's queue messages: sends them, and remembers those that wait for ACK or NACK, also beyond their
 * subscription's end. Owned by the session's loop.
 */
final class Deliveries {

    /** What a client says of a delivery. */
    enum Verdict {
        ACK,
        /** Somebody else may try. */
        REQUEUE,
        /** Nobody should try again. */
        REJECT
    }

    private final Session session;
    private final Destinations destinations;
    private final Map<String, Unsettled> byKey = new HashMap<>(0);

    /** Messages and bytes sent with {@code ack:auto} since the outbox was last empty: they hold credit until then. */
    private final Map<Consumer, long[]> leaving = new IdentityHashMap<>(0);

    private long lastAck;

    Deliveries(Session session, Destinations destinations) {
        this.session = session;
        this.destinations = destinations;
    }

    /** Takes messages from the mailbox; those that came too late go back. */
    void receive(Consumer consumer, Object[] items, int from, int to) {
        if (!consumer.subscription().isActive()) {
            List<QueueEntry> late = new ArrayList<>();
            for (int i = from; i < to; i++) {
                late.add((QueueEntry) items[i]);
            }
            giveBack(consumer, late);
            destinations.queues().collect(consumer.queue());
            return;
        }
        for (int i = from; i < to; i++) {
            send(consumer, (QueueEntry) items[i]);
        }
    }

    private void send(Consumer consumer, QueueEntry entry) {
        Subscription subscription = consumer.subscription();
        MessageEncoder encoder = session.state().messages();
        int deliveries = entry.deliver();
        String ack = null;
        if (subscription.options().ackMode() == AckMode.AUTO) {
            long[] sum = leaving.computeIfAbsent(consumer, c -> new long[2]);
            sum[0]++;
            sum[1] += entry.message().size();
        } else {
            boolean byAck = subscription.encoding().version() == StompVersion.V1_2;
            ack = byAck ? Long.toString(++lastAck) : null;
            String key = byAck
                    ? String.valueOf(ack)
                    : key(subscription.encoding().subscription(), encoder.messageId(entry.message()));
            Unsettled unsettled = new Unsettled(consumer, entry, key);
            byKey.put(key, unsettled);
            subscription.unsettled().add(unsettled);
        }
        Chunk chunk = encoder.encode(session, entry.message(), subscription.encoding(), ack, deliveries);
        session.append(chunk, chunk.lastFrame(), chunk.length());
    }

    private static String key(@Nullable String subscription, String messageId) {
        return subscription == null ? messageId : subscription + '\n' + messageId;
    }

    /** Everything has left the outbox: consumers with {@code ack:auto} may have new messages. */
    void flushed() {
        if (leaving.isEmpty()) {
            return;
        }
        leaving.forEach((consumer, sum) -> {
            consumer.queue().settle(consumer, (int) sum[0], sum[1]);
            collect(consumer);
        });
        leaving.clear();
    }

    /**
     * The delivery that an ACK or NACK is about.
     *
     * @throws ProtocolException when there is none that waits for it
     */
    Unsettled find(Frame frame, StompVersion version) {
        String key;
        if (version == StompVersion.V1_2) {
            key = Session.required(frame, "id");
        } else if (version == StompVersion.V1_1) {
            key = key(Session.required(frame, "subscription"), Session.required(frame, "message-id"));
        } else {
            key = findByMessageId(frame.headers().get("subscription"), Session.required(frame, "message-id"));
        }
        Unsettled unsettled = byKey.get(key);
        if (unsettled == null || unsettled.isClaimed()) {
            throw new ProtocolException(
                    "nothing to acknowledge",
                    frame.command() + " names " + Printable.of(key.replace('\n', ' '))
                            + ", which is no delivery of this connection that waits for one");
        }
        return unsettled;
    }

    /** STOMP 1.0, ACK: the message-id alone names it, whether the subscription has an id or not. */
    private String findByMessageId(@Nullable String subscription, String messageId) {
        if (subscription != null || byKey.containsKey(messageId)) {
            return key(subscription, messageId);
        }
        String suffix = '\n' + messageId;
        return byKey.keySet().stream()
                .filter(key -> key.endsWith(suffix))
                .findFirst()
                .orElse(messageId);
    }

    /** Does what the client says with a delivery and, with {@code ack:client}, with all earlier ones it covers. */
    void settle(Unsettled last, Verdict verdict) {
        List<Unsettled> covered = covered(last);
        Map<Consumer, List<QueueEntry>> byConsumer = new IdentityHashMap<>(1);
        for (Unsettled each : covered) {
            byConsumer
                    .computeIfAbsent(each.consumer(), c -> new ArrayList<>(covered.size()))
                    .add(each.entry());
        }
        byConsumer.forEach((consumer, entries) -> {
            if (verdict == Verdict.REQUEUE) {
                giveBack(consumer, entries);
            } else {
                long size = 0;
                for (QueueEntry entry : entries) {
                    size += entry.message().size();
                }
                consumer.queue().settle(consumer, entries.size(), size);
                if (verdict == Verdict.REJECT) {
                    destinations.deadLetters().bury(consumer.queue(), entries, DeadLetters.Reason.REJECTED);
                }
            }
            collect(consumer);
        });
    }

    private List<Unsettled> covered(Unsettled last) {
        Subscription subscription = last.consumer().subscription();
        ArrayDeque<Unsettled> all = subscription.unsettled();
        List<Unsettled> covered = new ArrayList<>();
        if (last.isSettled()) {
            return covered;
        }
        if (subscription.options().ackMode() == AckMode.CLIENT_INDIVIDUAL) {
            covered.add(last);
            // or a first one that nobody settles would hold all that come after it
            all.remove(last);
        } else {
            for (Iterator<Unsettled> i = all.iterator(); i.hasNext(); ) {
                Unsettled each = i.next();
                if (!each.isSettled()) {
                    covered.add(each);
                }
                if (each == last) {
                    break;
                }
            }
        }
        for (Unsettled each : covered) {
            each.settle();
            byKey.remove(each.key(), each);
        }
        while (!all.isEmpty() && all.element().isSettled()) {
            all.remove();
        }
        return covered;
    }

    private void giveBack(Consumer consumer, List<QueueEntry> entries) {
        List<QueueEntry> dead = consumer.queue().giveBack(consumer, entries);
        destinations.deadLetters().bury(consumer.queue(), dead, DeadLetters.Reason.MAX_DELIVERIES);
    }

    /** A queue whose last consumer has left may be waiting for this to be of no use any more. */
    private void collect(Consumer consumer) {
        if (!consumer.subscription().isActive()) {
            destinations.queues().collect(consumer.queue());
        }
    }

    /** The connection has ended: what it has not settled goes back, and its consumers with it. */
    void giveAllBack() {
        Map<Consumer, List<QueueEntry>> byConsumer = new IdentityHashMap<>();
        for (Unsettled each : byKey.values()) {
            byConsumer.computeIfAbsent(each.consumer(), c -> new ArrayList<>()).add(each.entry());
        }
        byKey.clear();
        byConsumer.forEach((consumer, entries) -> {
            List<QueueEntry> dead = consumer.queue().leave(consumer, entries);
            destinations.deadLetters().bury(consumer.queue(), dead, DeadLetters.Reason.MAX_DELIVERIES);
            collect(consumer);
        });
    }
}
