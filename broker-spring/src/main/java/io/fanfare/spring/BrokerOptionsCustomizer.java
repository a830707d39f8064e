package io.fanfare.spring;

import io.fanfare.broker.BrokerOptions;

/**
 * Sets options of the embedded broker that have no property. A bean of this type is called once, before the broker is made,
 * after the properties and the application's {@code Authenticator} and {@code Authorizer}.
 */
@FunctionalInterface
public interface BrokerOptionsCustomizer {

    /** Sets options, as in {@code options.queues(q -> q.maxDeliveries(5))}. */
    void customize(BrokerOptions.Builder options);
}
