package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.broker;

import io.fanfare.broker.BrokerOptions;
import java.util.List;

/** Queues: the keys of {@code queues}. */
final class QueueSettings {

    static final List<Setting<?>> ALL = List.of(
            broker(
                    "queues.prefetch",
                    Count.POSITIVE,
                    "Messages a subscription gets ahead of its ACKs, unless it asks for another number.",
                    BrokerOptions::prefetch,
                    BrokerOptions.Builder::prefetch),
            broker(
                    "queues.max_queue_messages",
                    Count.POSITIVE,
                    "Messages that one queue keeps; beyond it SEND is refused.",
                    BrokerOptions::maxQueueMessages,
                    BrokerOptions.Builder::maxQueueMessages),
            broker(
                    "queues.max_queue_bytes",
                    Size.ANY,
                    "The same in bytes, bodies and headers.",
                    BrokerOptions::maxQueueBytes,
                    BrokerOptions.Builder::maxQueueBytes),
            broker(
                    "queues.max_deliveries",
                    Count.POSITIVE,
                    "Deliveries of a message that nobody settles, before it becomes a dead letter.",
                    BrokerOptions::maxDeliveries,
                    BrokerOptions.Builder::maxDeliveries),
            broker(
                    "queues.max_delayed",
                    new Count(0, Integer.MAX_VALUE),
                    "Messages of all destinations that wait for their delay to pass.",
                    BrokerOptions::maxDelayed,
                    BrokerOptions.Builder::maxDelayed));

    private QueueSettings() {}
}
