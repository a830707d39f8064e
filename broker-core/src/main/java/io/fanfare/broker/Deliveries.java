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

    private final Session session;
    private final Map<String, Unsettled> byKey = new HashMap<>();

    /** Of each consumer, in the order of delivery; settled ones may linger until they are the first. */
    private final Map<Consumer, ArrayDeque<Unsettled>> byConsumer = new IdentityHashMap<>();

    /** Messages and bytes sent with {@code ack:auto} since the outbox was last empty: they hold credit until then. */
    private final Map<Consumer, long[]> leaving = new IdentityHashMap<>();

    private long lastAck;

    Deliveries(Session session) {
        this.session = session;
    }

    /** Takes messages from the mailbox; those that came too late go back. */
    void receive(Consumer consumer, Object[] items, int from, int to) {
        if (!consumer.subscription().isActive()) {
            List<QueueEntry> late = new ArrayList<>();
            for (int i = from; i < to; i++) {
                late.add((QueueEntry) items[i]);
            }
            consumer.queue().giveBack(consumer, late);
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
        if (subscription.ackMode() == AckMode.AUTO) {
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
            byConsumer.computeIfAbsent(consumer, c -> new ArrayDeque<>()).add(unsettled);
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
        leaving.forEach((consumer, sum) -> consumer.queue().settle(consumer, (int) sum[0], sum[1]));
        leaving.clear();
    }

    /** The delivery that an ACK or NACK is about. */
    Unsettled find(Frame frame, StompVersion version) {
        String key;
        if (version == StompVersion.V1_2) {
            key = Session.required(frame, "id");
        } else if (version == StompVersion.V1_1) {
            key = key(Session.required(frame, "subscription"), Session.required(frame, "message-id"));
        } else {
            key = key(frame.headers().get("subscription"), Session.required(frame, "message-id"));
        }
        Unsettled unsettled = byKey.get(key);
        if (unsettled == null) {
            throw new ProtocolException(
                    "nothing to acknowledge",
                    frame.command() + " names " + Printable.of(key.replace('\n', ' '))
                            + ", which is no delivery of this connection that waits for one");
        }
        return unsettled;
    }

    /** Settles a delivery and, with {@code ack:client}, all earlier ones of its subscription. */
    void ack(Unsettled unsettled) {
        int count = 0;
        long size = 0;
        for (Unsettled each : covered(unsettled)) {
            count++;
            size += each.entry().message().size();
        }
        unsettled.consumer().queue().settle(unsettled.consumer(), count, size);
    }

    /** Gives back what {@link #ack} would settle. */
    void nack(Unsettled unsettled) {
        List<QueueEntry> entries = new ArrayList<>();
        for (Unsettled each : covered(unsettled)) {
            entries.add(each.entry());
        }
        unsettled.consumer().queue().giveBack(unsettled.consumer(), entries);
    }

    private List<Unsettled> covered(Unsettled last) {
        ArrayDeque<Unsettled> all = byConsumer.getOrDefault(last.consumer(), new ArrayDeque<>());
        List<Unsettled> covered = new ArrayList<>();
        if (last.consumer().subscription().ackMode() == AckMode.CLIENT_INDIVIDUAL) {
            covered.add(last);
        } else {
            for (Iterator<Unsettled> i = all.iterator(); !last.isSettled() && i.hasNext(); ) {
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
            byKey.remove(each.key());
        }
        while (!all.isEmpty() && all.element().isSettled()) {
            all.remove();
        }
        if (all.isEmpty()) {
            byConsumer.remove(last.consumer());
        }
        return covered;
    }

    /** The connection has ended: what it has not settled goes back. */
    void giveAllBack() {
        flushed();
        byConsumer.forEach((consumer, all) -> {
            List<QueueEntry> entries = new ArrayList<>();
            for (Unsettled each : all) {
                if (!each.isSettled()) {
                    entries.add(each.entry());
                }
            }
            consumer.queue().giveBack(consumer, entries);
        });
        byConsumer.clear();
        byKey.clear();
    }
}
