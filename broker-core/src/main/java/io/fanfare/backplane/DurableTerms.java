package io.fanfare.backplane;

import java.util.List;

/**
 * Terms of a durable subscription: with other terms it is a new one.
 *
 * @param destinations its topics and patterns, as SUBSCRIBE names them
 * @param selector empty: none
 * @param noLocal whether the messages of the connection that has it are left out
 */
public record DurableTerms(List<String> destinations, String selector, boolean noLocal) {

    public DurableTerms {
        destinations = List.copyOf(destinations);
    }
}
