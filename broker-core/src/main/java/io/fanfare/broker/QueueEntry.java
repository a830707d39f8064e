package io.fanfare.broker;

/** A message in a queue, and how often it has been delivered. Owned by whoever holds it: the queue, or one loop. */
final class QueueEntry {

    private final Message message;

    /** Its place in the queue's order, which it keeps when it comes back. */
    private final long place;

    private int deliveries;

    QueueEntry(Message message, long place) {
        this.message = message;
        this.place = place;
    }

    long place() {
        return place;
    }

    Message message() {
        return message;
    }

    /** Counts one more delivery and tells how many that makes. */
    int deliver() {
        return ++deliveries;
    }
}
