package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.broker;

import java.util.List;

/** Queues: the keys of {@code queues}. */
final class QueueSettings {

    static final List<Setting<?>> ALL = List.of(
            broker(
                    "queues.prefetch",
                    Count.POSITIVE,
                    "Messages a subscription gets ahead of its ACKs, unless it asks for another number.",
                    o -> o.queues().prefetch(),
                    (b, v) -> b.queues(q -> q.prefetch(v))),
            broker(
                    "queues.max_queue_messages",
                    Count.POSITIVE,
                    "Messages that one queue keeps; beyond it SEND is refused.",
                    o -> o.queues().maxQueueMessages(),
                    (b, v) -> b.queues(q -> q.maxQueueMessages(v))),
            broker(
                    "queues.max_queue_bytes",
                    Size.ANY,
                    "The same in bytes, bodies and headers.",
                    o -> o.queues().maxQueueBytes(),
                    (b, v) -> b.queues(q -> q.maxQueueBytes(v))),
            broker(
                    "queues.max_deliveries",
                    Count.POSITIVE,
                    "Deliveries of a message that nobody settles, before it becomes a dead letter.",
                    o -> o.queues().maxDeliveries(),
                    (b, v) -> b.queues(q -> q.maxDeliveries(v))),
            broker(
                    "queues.max_delayed",
                    new Count(0, Integer.MAX_VALUE),
                    "Messages of all destinations that wait for their delay to pass.",
                    o -> o.queues().maxDelayed(),
                    (b, v) -> b.queues(q -> q.maxDelayed(v))));

    private QueueSettings() {}
}
