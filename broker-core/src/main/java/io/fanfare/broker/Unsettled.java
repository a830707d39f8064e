package io.fanfare.broker;

/** A delivery that waits for ACK or NACK. Owned by its session's loop. */
final class Unsettled {

    private final Consumer consumer;
    private final QueueEntry entry;

    /** What the client names it by: the {@code ack} header, or before 1.2 subscription and {@code message-id}. */
    private final String key;

    private boolean settled;

    /** Whether an open transaction has an ACK or NACK for it. */
    private boolean claimed;

    Unsettled(Consumer consumer, QueueEntry entry, String key) {
        this.consumer = consumer;
        this.entry = entry;
        this.key = key;
    }

    Consumer consumer() {
        return consumer;
    }

    QueueEntry entry() {
        return entry;
    }

    String key() {
        return key;
    }

    boolean isSettled() {
        return settled;
    }

    void settle() {
        settled = true;
    }

    boolean isClaimed() {
        return claimed;
    }

    void claim(boolean byTransaction) {
        claimed = byTransaction;
    }
}
