package io.fanfare.queue;

/** A delivery that waits for ACK or NACK. Owned by its session's loop. */
public final class Unsettled {

    private final QueueConsumer consumer;
    private final QueueEntry entry;

    /** What the client names it by: the {@code ack} header, or before 1.2 subscription and {@code message-id}. */
    private final String key;

    private boolean settled;

    /** Whether an open transaction has an ACK or NACK for it. */
    private boolean claimed;

    public Unsettled(QueueConsumer consumer, QueueEntry entry, String key) {
        this.consumer = consumer;
        this.entry = entry;
        this.key = key;
    }

    public QueueConsumer consumer() {
        return consumer;
    }

    public QueueEntry entry() {
        return entry;
    }

    public String key() {
        return key;
    }

    boolean isSettled() {
        return settled;
    }

    public void settle() {
        settled = true;
    }

    public boolean isClaimed() {
        return claimed;
    }

    public void claim(boolean byTransaction) {
        claimed = byTransaction;
    }
}
