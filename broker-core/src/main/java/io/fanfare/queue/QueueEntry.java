package io.fanfare.queue;

import io.fanfare.backplane.Lease;
import io.fanfare.message.Message;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A message in a queue, and how often it has been delivered. Owned by its holder: the queue, or one loop. */
final class QueueEntry {

    /** Places of one priority; more messages than a queue will ever see. */
    private static final int PLACE_BITS = 59;

    private final Message message;
    private final long place;
    private int deliveries;

    /** Where its end is told; null: nowhere, this node alone has it. */
    private final @Nullable Lease lease;

    QueueEntry(Message message, long sequence) {
        this(message, sequence, 0, null);
    }

    /**
     * A message.
     *
     * @param deliveries that it has had before
     * @param lease where its end is told; null: nowhere
     */
    QueueEntry(Message message, long sequence, int deliveries, @Nullable Lease lease) {
        this.message = message;
        this.place = firstPlace(message.properties().priority()) | sequence;
        this.deliveries = deliveries;
        this.lease = lease;
    }

    /** Where the end of a message is told that was taken from a shared queue. */
    Lease lease() {
        return Objects.requireNonNull(lease);
    }

    Message message() {
        return message;
    }

    /** Place in the queue's order, which stays when the entry comes back: higher priority first, then older. */
    long place() {
        return place;
    }

    /** The first place of a priority. */
    static long firstPlace(int priority) {
        return (long) (9 - priority) << PLACE_BITS;
    }

    /** How many messages had come before it. */
    long sequence() {
        return place & ((1L << PLACE_BITS) - 1);
    }

    /** When it is of no use any more, milliseconds by the monotonic clock. */
    long expires() {
        return message.properties().expires();
    }

    boolean mayExpire() {
        return message.properties().mayExpire();
    }

    /** Whether it is for a consumer that waits when it comes, and kept for none. */
    boolean isForNow() {
        return message.properties().isAtOnce();
    }

    int deliveries() {
        return deliveries;
    }

    /** Counts one more delivery and returns how many that makes, as far as is known: what its consumer is told. */
    int deliver() {
        deliveries++;
        return lease != null && lease.isDoubtful() ? Math.max(2, deliveries) : deliveries;
    }
}
