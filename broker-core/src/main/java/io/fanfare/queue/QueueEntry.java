package io.fanfare.queue;

import io.fanfare.message.Message;

/** A message in a queue, and how often it has been delivered. Owned by its holder: the queue, or one loop. */
final class QueueEntry {

    /** Places of one priority; more messages than a queue will ever see. */
    private static final int PLACE_BITS = 59;

    private final Message message;
    private final long place;
    private int deliveries;

    QueueEntry(Message message, long sequence) {
        this.message = message;
        this.place = ((long) (9 - message.properties().priority()) << PLACE_BITS) | sequence;
    }

    Message message() {
        return message;
    }

    /** Its place in the queue's order, which it keeps when it comes back: higher priority first, then older. */
    long place() {
        return place;
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

    /** Counts one more delivery and tells how many that makes. */
    int deliver() {
        return ++deliveries;
    }
}
