package io.fanfare.queue;

import io.fanfare.backplane.Lease;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Outbox;
import io.fanfare.loop.Refill;
import io.fanfare.message.Message;
import io.fanfare.message.MessageEncoder;
import io.fanfare.message.MessageId;
import io.fanfare.quota.ReplyAddresses;
import io.fanfare.statistics.Count;
import io.fanfare.statistics.DeathReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One session's queue messages: sends them, and remembers those that wait for ACK or NACK, also beyond their
 * subscription's end. Owned by the session's loop.
 */
public final class Deliveries {

    /** What a client says of a delivery. */
    public enum Verdict {
        ACK,
        /** Another consumer may try. */
        REQUEUE,
        /** No consumer should try again. */
        REJECT
    }

    /** Messages that waited for the outbox and are written in one turn. */
    private static final int SENT_AT_ONCE = 256;

    private static final long BYTES_SENT_AT_ONCE = 1 << 20;

    /** A delay of a redelivery that the broker's options decide. */
    public static final long BACK_OFF = -1;

    /** In place of deques to which nothing has been added. */
    private static final ArrayDeque<Leaving> NONE = new ArrayDeque<>(0);

    private final Outbox outbox;
    private final MessageEncoder encoder;
    private final Queues queues;
    private final Ledger ledger = new Ledger();
    private final ReplyAddresses replyAddresses = new ReplyAddresses();

    /** What the client says of these. */
    private final Unsettled.Settlements settlements;

    /** The first part of this session's {@code ack} headers. */
    private final long number;

    /** Sent with {@code ack:auto} and still in the outbox: they hold credit until the socket has them. */
    private ArrayDeque<Leaving> leaving = NONE;

    /** Of these, what will not get there any more. */
    private ArrayDeque<Leaving> lost = NONE;

    /**
     * Taken from their queues and not written yet, because the outbox holds enough: however large messages are, a client
     * that reads is not too slow for a prefetch of them. By consumer, which take turns.
     */
    private Map<QueueConsumer, ArrayDeque<QueueEntry>> waiting = Collections.emptyMap();

    /** Null until something waits. */
    private @Nullable Refill refill;

    /**
     * A message on its way to the socket.
     *
     * @param end the outbox's count of bytes behind it
     */
    private record Leaving(QueueConsumer consumer, QueueEntry entry, long end) {}

    /**
     * None yet.
     *
     * @param client is not heard while what it has said is being done
     */
    public Deliveries(Outbox outbox, MessageEncoder encoder, Queues queues, Unsettled.FlowControl client) {
        this.outbox = outbox;
        this.encoder = encoder;
        this.queues = queues;
        this.number = queues.nextNumber();
        this.settlements = new Unsettled.Settlements(outbox.loop(), ledger, this::settle, client);
    }

    /** Where the messages that it has sent ask for replies. */
    public ReplyAddresses replyAddresses() {
        return replyAddresses;
    }

    /** Takes messages from the mailbox; those that came too late go back. */
    public void receive(QueueConsumer consumer, Object[] items, int from, int to) {
        if (!consumer.subscriber().isActive()) {
            List<QueueEntry> late = new ArrayList<>();
            for (int i = from; i < to; i++) {
                late.add((QueueEntry) items[i]);
            }
            settle(consumer, late, Verdict.REQUEUE, 0);
            return;
        }
        assert outbox.loop().isCurrent();
        for (int i = from; i < to; i++) {
            QueueEntry entry = (QueueEntry) items[i];
            if (waiting.isEmpty() && outbox.hasRoom()) {
                send(consumer, entry);
            } else {
                waiting = waiting.isEmpty() ? new LinkedHashMap<>() : waiting;
                waiting.computeIfAbsent(consumer, c -> new ArrayDeque<>()).add(entry);
            }
        }
    }

    /** Everything that was written has left: what waits for that goes on in the next turn. */
    public void drained() {
        assert outbox.loop().isCurrent();
        if (!waiting.isEmpty()) {
            if (refill == null) {
                refill = new Refill(outbox, this::sendPart);
            }
            refill.drained();
        }
    }

    private void sendPart() {
        long end = outbox.appended() + BYTES_SENT_AT_ONCE;
        int sent = 0;
        while (sent++ < SENT_AT_ONCE && outbox.appended() < end && !waiting.isEmpty() && outbox.hasRoom()) {
            sendFirst();
        }
    }

    private void sendFirst() {
        QueueConsumer consumer = waiting.keySet().iterator().next();
        ArrayDeque<QueueEntry> itsOwn = Objects.requireNonNull(waiting.remove(consumer));
        QueueEntry entry = itsOwn.remove();
        if (!itsOwn.isEmpty()) {
            waiting.put(consumer, itsOwn);
        }
        send(consumer, entry);
    }

    private void send(QueueConsumer consumer, QueueEntry entry) {
        QueueSubscriber subscriber = consumer.subscriber();
        int deliveries = entry.deliver();
        Message message = entry.message();
        replyAddresses.delivered(message.headers());
        outbox.loop().count(Count.DELIVERED, 1);
        outbox.loop().count(Count.REDELIVERED, deliveries > 1 ? 1 : 0);
        if (subscriber.ackMode() == AckMode.AUTO) {
            outbox.send(encoder.encode(outbox, message, subscriber.encoding(), deliveries));
            leaving = leaving == NONE ? new ArrayDeque<>() : leaving;
            leaving.add(new Leaving(consumer, entry, outbox.appended()));
            return;
        }
        Unsettled unsettled = new Unsettled(consumer, entry, ledger.nextNumber());
        ledger.add(unsettled);
        if (subscriber.ackMode() == AckMode.CLIENT) {
            subscriber.unsettled().add(unsettled);
        }
        outbox.send(
                subscriber.encoding().version() == StompVersion.V1_2
                        ? encoder.encode(outbox, message, subscriber.encoding(), number, unsettled.number(), deliveries)
                        : encoder.encode(outbox, message, subscriber.encoding(), deliveries));
    }

    /**
     * The socket has taken bytes: those with {@code ack:auto} among them are settled, and their consumers may have new
     * ones.
     *
     * @param written the outbox's count of bytes written
     */
    public void written(long written) {
        assert outbox.loop().isCurrent();
        while (!leaving.isEmpty() && leaving.element().end() <= written) {
            QueueConsumer consumer = leaving.element().consumer();
            List<QueueEntry> entries = new ArrayList<>();
            for (Leaving next = leaving.peek();
                    next != null && next.consumer() == consumer && next.end() <= written;
                    next = leaving.peek()) {
                entries.add(next.entry());
                leaving.remove();
            }
            settle(consumer, entries, Verdict.ACK, 0);
        }
    }

    /**
     * What is behind this point of the outbox will not leave any more; {@link #giveAllBack} follows.
     *
     * @param appended the outbox's count of bytes up to there
     */
    public void dropped(long appended) {
        assert outbox.loop().isCurrent();
        while (!leaving.isEmpty() && leaving.getLast().end() > appended) {
            lost = lost == NONE ? new ArrayDeque<>() : lost;
            lost.addFirst(leaving.removeLast());
        }
    }

    /**
     * The delivery that an ACK or NACK is about.
     *
     * @throws ProtocolException when there is none that waits for it
     */
    public Unsettled find(Frame frame, StompVersion version) {
        String subscription = version == StompVersion.V1_1
                ? frame.required("subscription")
                : frame.headers().get("subscription");
        String named = frame.required(version == StompVersion.V1_2 ? "id" : "message-id");
        MessageId id = encoder.parseId(named);
        // STOMP 1.0, ACK: the message-id alone names it, whether the subscription has an id or not. In 1.2 it should be
        // the ack header, but clients that RabbitMQ understands send the message-id.
        Unsettled unsettled = id == null
                ? null
                : version == StompVersion.V1_2 && id.destination() == number
                        ? ledger.find(id.sequence())
                        : ledger.find(id, subscription);
        if (unsettled == null || unsettled.isClaimed()) {
            throw new ProtocolException(
                    "nothing to acknowledge",
                    frame.command() + " names " + Printable.of(named)
                            + (subscription == null ? "" : " of subscription " + Printable.of(subscription))
                            + ", which is no delivery of this connection that waits for one");
        }
        return unsettled;
    }

    /**
     * Does what the client says with a delivery and, with {@code ack:client}, with all earlier ones it covers. What is too much for
     * this turn follows in the next ones, and the client is not heard until then.
     *
     * @param delay milliseconds before what goes back is delivered again; {@link #BACK_OFF}
     * @return completed, by any thread, when that has its effect, outside of this node too; null: it has all of it
     */
    public @Nullable CompletionStage<Void> settle(Unsettled last, Verdict verdict, long delay) {
        assert outbox.loop().isCurrent();
        return settlements.add(last, verdict, delay);
    }

    private @Nullable CompletionStage<Void> settle(List<Unsettled> all, Verdict verdict, long delay) {
        if (all.size() == 1) {
            return settle(all.get(0).consumer(), List.of(all.get(0).entry()), verdict, delay);
        }
        Map<QueueConsumer, List<QueueEntry>> byConsumer = new IdentityHashMap<>(1);
        all.forEach(each -> list(byConsumer, each.consumer()).add(each.entry()));
        CompletionStage<Void> effects = null;
        for (Map.Entry<QueueConsumer, List<QueueEntry>> each : byConsumer.entrySet()) {
            effects = Lease.both(effects, settle(each.getKey(), each.getValue(), verdict, delay));
        }
        return effects;
    }

    private @Nullable CompletionStage<Void> settle(
            QueueConsumer consumer, List<QueueEntry> entries, Verdict verdict, long delay) {
        Upstream upstream = consumer.queue().upstream();
        CompletionStage<Void> effect = null;
        if (upstream != null) {
            consumer.queue().settle(consumer, entries);
            effect = upstream.settle(entries, verdict, delay);
        } else if (verdict == Verdict.REQUEUE) {
            giveBackLater(consumer, entries, delay);
        } else {
            consumer.queue().settle(consumer, entries);
            if (verdict == Verdict.REJECT) {
                queues.deadLetters().bury(consumer.queue(), entries, DeathReason.REJECTED);
            }
        }
        collect(consumer);
        return effect;
    }

    private void giveBackLater(QueueConsumer consumer, List<QueueEntry> entries, long delay) {
        Queue queue = consumer.queue();
        EventLoop loop = outbox.loop();
        List<QueueEntry> dead = queue.giveBackLater(consumer, entries, delay, loop.nanoTime());
        queues.awaitRedelivery(queue, loop);
        queues.cameBack(queue);
        queues.deadLetters().bury(queue, dead, DeathReason.MAX_DELIVERIES);
    }

    /** A queue whose last consumer has left may be waiting for this to be of no use any more. */
    private void collect(QueueConsumer consumer) {
        if (!consumer.subscriber().isActive()) {
            queues.collect(consumer.queue());
        }
    }

    /** Gives back all unsettled messages and ends the consumers: the session has ended. */
    public void giveAllBack() {
        assert outbox.loop().isCurrent();
        // what the client has said before stays said
        settlements.finish();
        Map<QueueConsumer, List<QueueEntry>> byConsumer = new IdentityHashMap<>();
        ledger.all().forEach(each -> list(byConsumer, each.consumer()).add(each.entry()));
        ledger.clear();
        lost.forEach(each -> list(byConsumer, each.consumer()).add(each.entry()));
        lost = NONE;
        waiting.forEach((consumer, entries) -> list(byConsumer, consumer).addAll(entries));
        waiting = Collections.emptyMap();
        byConsumer.forEach((consumer, entries) -> {
            leave(consumer, entries);
            collect(consumer);
        });
    }

    private static List<QueueEntry> list(Map<QueueConsumer, List<QueueEntry>> byConsumer, QueueConsumer consumer) {
        return byConsumer.computeIfAbsent(consumer, c -> new ArrayList<>());
    }

    /**
     * A subscription ends: its consumer leaves the queue. What waits for the outbox goes back with it, before the queue hands
     * out newer messages; what the client has is still the client's to settle.
     */
    public void leave(QueueConsumer consumer) {
        assert outbox.loop().isCurrent();
        ArrayDeque<QueueEntry> itsOwn = waiting.remove(consumer);
        if (itsOwn == null) {
            consumer.queue().unsubscribe(consumer);
        } else {
            leave(consumer, List.copyOf(itsOwn));
        }
    }

    private void leave(QueueConsumer consumer, List<QueueEntry> entries) {
        if (consumer.queue().upstream() != null) {
            // other nodes' consumers may have them as well as this node's
            consumer.queue().unsubscribe(consumer);
            settle(consumer, entries, Verdict.REQUEUE, 0);
            return;
        }
        List<QueueEntry> dead = consumer.queue().leave(consumer, entries);
        queues.cameBack(consumer.queue());
        queues.deadLetters().bury(consumer.queue(), dead, DeathReason.MAX_DELIVERIES);
    }
}
