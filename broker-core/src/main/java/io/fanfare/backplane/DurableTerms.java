package io.fanfare.backplane;

import java.util.List;

/**
 * What makes a durable subscription this one: with other terms it is a new one.
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
