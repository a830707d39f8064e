package io.fanfare.durable;

import io.fanfare.backplane.DurableKey;
import io.fanfare.loop.Timer;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.MessageFilter;
import io.fanfare.queue.Queue;
import io.fanfare.queue.QueueBinding;
import io.fanfare.queue.QueueConsumer;
import io.fanfare.quota.DestinationQuota;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One durable subscription. What changes in it belongs to the lock of {@link DurableSubscriptions}. */
final class Durable {

    /** What makes a durable subscription this one: with other terms it is a new one. */
    record Terms(List<Destination> destinations, String selector, boolean noLocal) {

        static Terms of(List<Destination> destinations, MessageFilter filter) {
            return new Terms(destinations, filter.text(), filter.exceptFrom() != null);
        }
    }

    /** What one takes beside what follows, and what waits in it: its objects, a queue, and its place among others. */
    private static final long OVERHEAD_BYTES = 1_500;

    /** What each of its destinations takes: its name, and a place there. */
    private static final long DESTINATION_BYTES = 250;

    /** A connection that has it, or had it and is about to end. */
    record Attachment(QueueConsumer consumer, Durables.Holder holder) {

        /** Begins to consume, unless its subscription has ended meanwhile; on the holder's loop. */
        void begin() {
            assert holder.loop().isCurrent();
            if (consumer.subscriber().isActive()) {
                consumer.queue().subscribe(consumer);
            }
        }
    }

    /**
     * What a SUBSCRIBE has changed.
     *
     * @param before what the key meant before; null: nothing
     * @param evicted the connection that it was taken from; null: none
     * @param mustWait whether messages may still come back from connections that had it
     */
    record Change(
            Durable durable,
            Attachment attachment,
            @Nullable Durable before,
            @Nullable Attachment evicted,
            boolean mustWait) {}

    final Terms terms;
    final Queue queue;
    final QueueBinding binding;
    final BrokerLoop home;

    /** About what it takes in memory, whether or not its client is there. */
    private final long bytes;

    /** The quota of the connection that began it. */
    final DestinationQuota founder;

    /** The connection that has it; null: its client is away. */
    @Nullable
    Attachment attachment;

    /**
     * Connections that had it and from which messages may still come back: those that it was taken from, until they have
     * ended, and those that have left, until their loops' mailboxes hold none. Until then another one gets nothing.
     */
    int leaving;

    /** Whether the user of the connection that has it, or had it last, may have it. */
    Predicate<List<Destination>> allowed;

    /** Counts the connections that have had it, and so tells one absence from the next. */
    long attachments;

    /** Ends the absence there is; the home loop's own. */
    @Nullable
    Timer expiry;

    Durable(
            DurableKey key,
            Terms terms,
            MessageFilter filter,
            Queue queue,
            QueueBinding binding,
            Durables.Holder founder) {
        this.terms = terms;
        this.bytes = OVERHEAD_BYTES
                + DESTINATION_BYTES * terms.destinations().size()
                + key.user().length()
                + key.clientId().length()
                + key.name().length()
                + filter.bytes();
        this.queue = queue;
        this.binding = binding;
        this.home = founder.loop();
        this.founder = founder.quota();
        this.allowed = founder.allowed();
    }

    /** About what it takes in memory, from its beginning to its end. */
    long bytes() {
        return bytes;
    }

    boolean isForbidden() {
        return !allowed.test(terms.destinations());
    }

    /** Stops the timer of an absence; on the home loop. */
    void cancelExpiry() {
        if (expiry != null) {
            expiry.cancel();
        }
    }
}
