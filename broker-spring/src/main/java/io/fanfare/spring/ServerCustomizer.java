package io.fanfare.spring;

import io.fanfare.server.FanfareServerBuilder;

/**
 * Sets options of the broker's own listeners that have no property. A bean of this type is called once, before they start,
 * after the properties.
 */
@FunctionalInterface
public interface ServerCustomizer {

    /** Sets options, as in {@code server.admin(a -> a.port(15672))}. */
    void customize(FanfareServerBuilder server);
}
