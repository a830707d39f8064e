package io.fanfare.queue;

import io.fanfare.message.MessageId;
import org.jspecify.annotations.Nullable;

/** A delivery that waits for ACK or NACK. Owned by its session's loop. */
public final class Unsettled {

    private final QueueConsumer consumer;
    private final QueueEntry entry;

    /** Tells it from all other deliveries of its session. */
    private final long number;

    private boolean settled;

    /** Whether an open transaction has an ACK or NACK for it. */
    private boolean claimed;

    public Unsettled(QueueConsumer consumer, QueueEntry entry, long number) {
        this.consumer = consumer;
        this.entry = entry;
        this.number = number;
    }

    public QueueConsumer consumer() {
        return consumer;
    }

    public QueueEntry entry() {
        return entry;
    }

    long number() {
        return number;
    }

    MessageId messageId() {
        return new MessageId(entry.message().destination(), entry.message().sequence());
    }

    /** The id of the subscription it was delivered to; null: it has none. */
    @Nullable
    String subscription() {
        return consumer.subscriber().encoding().subscription();
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
