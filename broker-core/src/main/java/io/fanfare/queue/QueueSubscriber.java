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
}
