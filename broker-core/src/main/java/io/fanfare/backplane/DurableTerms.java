package io.fanfare.backplane;

import java.util.List;

/**
 * What makes a durable subscription this one: with other terms it is a new one.
 *
 * @param destinations its topics and patterns, as SUBSCRIBE names them
 * @param selector empty: none
 */
public record DurableTerms(List<String> destinations, String selector) {

    public DurableTerms {
        destinations = List.copyOf(destinations);
    }
}
