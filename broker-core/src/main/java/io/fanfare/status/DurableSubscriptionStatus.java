package io.fanfare.status;

import java.util.List;

/**
 * A durable subscription.
 *
 * @param user that it belongs to; empty: anonymous
 * @param clientId the {@code client-id} of its client
 * @param name of the subscription
 * @param destinations its topics and patterns
 * @param selector empty: none
 * @param connected whether a client has it just now
 * @param queue what waits for the client; its destination is empty
 */
public record DurableSubscriptionStatus(
        String user,
        String clientId,
        String name,
        List<String> destinations,
        String selector,
        boolean connected,
        QueueStatus queue) {

    public DurableSubscriptionStatus {
        destinations = List.copyOf(destinations);
    }
}
