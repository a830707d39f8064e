package io.fanfare.examples.orders;

import io.fanfare.broker.BrokerOptions;
import io.fanfare.options.TopicRule;
import java.util.List;

/** The names that the parts of the example meet at, and what the broker does for them. */
final class Destinations {

    /** Orders that wait for a worker. */
    static final String ORDERS = "/queue/orders";

    /** Orders that no worker could settle, put there by the broker. */
    static final String DEAD_LETTERS = "/queue/DLQ.orders";

    /** What the workers have settled, for the ledger. */
    static final String SETTLED = "/queue/orders.settled";

    /** What the buttons of the page ask for. */
    static final String CONTROL = "/queue/orders.control";

    /** What each worker says that it does; the last value by {@link #WORKER}. */
    static final String WORKERS = "/topic/orders.workers";

    /** The workers' processes, as the operating system knows them; the last value by {@link #WORKER}. */
    static final String PROCESSES = "/topic/orders.processes";

    /** What happens to orders, one message for each step. */
    static final String EVENTS = "/topic/orders.events";

    /** The ledger's sums; the last value. */
    static final String COUNTS = "/topic/orders.counts";

    /** The header with a worker's name. */
    static final String WORKER = "worker";

    /** The header with an order's id: it can be read where the body cannot. */
    static final String ORDER = "order-id";

    static final int MAX_DELIVERIES = 4;

    private Destinations() {}

    static BrokerOptions broker() {
        return BrokerOptions.builder()
                .queues(queues -> queues.maxDeliveries(MAX_DELIVERIES))
                .topics(topics -> topics.rules(List.of(
                        TopicRule.of(WORKERS).retainByKey(WORKER),
                        TopicRule.of(PROCESSES).retainByKey(WORKER),
                        TopicRule.of(EVENTS).history(50),
                        TopicRule.of(COUNTS).retainLast())))
                .build();
    }
}
