package io.fanfare.queue;

import io.fanfare.message.Subscriber;
import java.util.ArrayDeque;

/** A subscription that consumes from queues. Owned by the loop of its outbox. */
public interface QueueSubscriber extends Subscriber {

    AckMode ackMode();

    ConsumerOptions consumerOptions();

    /** The deliveries of its connection. */
    Deliveries deliveries();

    /** With {@code ack:client}, its deliveries that wait for an ACK, in their order: an ACK settles the first ones. */
    ArrayDeque<Unsettled> unsettled();

    /**
     * What a subscription asks of its queues.
     *
     * @param prefetch messages that it may have unsettled at a time
     * @param exclusive whether it wants a queue for itself
     * @param priority consumers with a higher one are served first
     * @param redeliveryDelay milliseconds before what it gives back is delivered again; {@link Deliveries#BACK_OFF}
     */
    record ConsumerOptions(int prefetch, boolean exclusive, int priority, long redeliveryDelay) {

        /** Options with the broker's back-off. */
        public ConsumerOptions(int prefetch, boolean exclusive, int priority) {
            this(prefetch, exclusive, priority, Deliveries.BACK_OFF);
        }
    }
}
