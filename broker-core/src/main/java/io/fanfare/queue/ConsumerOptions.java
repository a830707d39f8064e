package io.fanfare.queue;

/**
 * What a subscription asks of its queues.
 *
 * @param prefetch messages that it may have unsettled at a time
 * @param exclusive whether it wants a queue for itself
 * @param priority consumers with a higher one are served first
 * @param redeliveryDelay milliseconds before what it gives back is delivered again; {@link Deliveries#BACK_OFF}
 */
public record ConsumerOptions(int prefetch, boolean exclusive, int priority, long redeliveryDelay) {

    /** Options with the broker's back-off. */
    public ConsumerOptions(int prefetch, boolean exclusive, int priority) {
        this(prefetch, exclusive, priority, Deliveries.BACK_OFF);
    }
}
