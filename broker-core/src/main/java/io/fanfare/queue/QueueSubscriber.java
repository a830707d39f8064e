package io.fanfare.queue;

import io.fanfare.message.Subscriber;
import java.util.ArrayDeque;

/** A subscription that consumes from queues. Owned by the loop of its outbox. */
public interface QueueSubscriber extends Subscriber {

    AckMode ackMode();

    ConsumerOptions consumerOptions();

    /** The deliveries of its connection. */
    Deliveries deliveries();

    /** Its deliveries that wait for an ACK, in their order; settled ones may linger until they are the first. */
    ArrayDeque<Unsettled> unsettled();
}
