package io.fanfare.broker;

/** Takes the messages of a {@link LocalSubscription}. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Takes a message; called in the order of the messages, one call at a time, by the subscription's executor.
     *
     * @throws Exception logged; a message that has to be acknowledged, and is not yet, is given back as by {@link
     *     Delivery#nack}
     */
    void handle(Delivery message) throws Exception;
}
