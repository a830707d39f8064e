package io.fanfare.backplane;

import io.fanfare.message.Message;

/** Takes messages of a shared queue. */
@FunctionalInterface
public interface QueueTaker {

    /**
     * A message has come for this node; called by any thread, one message after the other in their order.
     *
     * @param deliveries how many times nodes have got it, this time included, as the engine has counted
     */
    void take(Message message, int deliveries, Lease lease);

    /** The number of this node's consumers, as operators count them; any thread may ask. */
    default int consumers() {
        return 0;
    }
}
