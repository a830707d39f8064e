package io.fanfare.security;

import io.fanfare.broker.Broker;

/**
 * Decides what a principal may do. Supplied by the embedder; {@code io.fanfare.security} has rules ready-made.
 * Called by event loops, several at once, for every new destination: it must be quick and must not block. One that throws
 * has not allowed anything. {@link Broker#permissionsChanged} tells that it may answer otherwise now.
 */
@FunctionalInterface
public interface Authorizer {

    /** Allows everything. */
    Authorizer ALL = (principal, action, destination) -> true;

    /** What a client wants to do. */
    enum Action {
        SEND,
        SUBSCRIBE,
        /** To be told which sessions are subscribed to a topic: SUBSCRIBE to {@code /presence/topic/NAME}. */
        PRESENCE
    }

    /**
     * Whether a user may do something.
     *
     * @param destination one destination as its clients write it, without aliases, such as {@code /topic/prices.acme}; for
     *     SUBSCRIBE also a pattern, all of which must be allowed, such as {@code /topic/prices.#}; for PRESENCE the topic. A SUBSCRIBE to
     *     {@code /user/queue/...} is one to the principal's own, a SEND to {@code /user/ALICE/queue/...} to Alice's. In her
     *     name {@code / , % * # >} and what is invisible are percent-encoded, in capitals, such as {@code %2F}, and nothing
     *     else is. Temporary destinations are not asked about
     */
    boolean allows(Principal principal, Action action, String destination);
}
