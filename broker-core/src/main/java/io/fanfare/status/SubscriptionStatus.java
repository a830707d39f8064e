package io.fanfare.status;

import java.util.List;

/**
 * A subscription of a connected client.
 *
 * @param connection id of the client's session
 * @param user empty: anonymous
 * @param id as SUBSCRIBE gave it
 * @param destinations such as {@code /topic/prices.#}; several of a composite SUBSCRIBE
 * @param ack {@code auto}, {@code client} or {@code client-individual}
 * @param selector empty: none
 * @param durable whether it goes on while the client is away
 * @param browser whether it reads a queue without taking
 * @param prefetch messages of a queue that may be unsettled
 * @param unsettled deliveries that wait for an ACK or NACK; counted for {@code ack:client} alone
 */
public record SubscriptionStatus(
        String connection,
        String user,
        String id,
        List<String> destinations,
        String ack,
        String selector,
        boolean durable,
        boolean browser,
        int prefetch,
        int unsettled) {

    public SubscriptionStatus {
        destinations = List.copyOf(destinations);
    }
}
