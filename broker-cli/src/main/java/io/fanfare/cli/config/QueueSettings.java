package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.DEDUP;
import static io.fanfare.cli.config.Setting.Group.QUEUES;

import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.Size;
import io.fanfare.cli.config.ValueTypes.Time;
import io.fanfare.options.DedupOptions;
import io.fanfare.options.QueueOptions;
import java.time.Duration;
import java.util.List;

/** Queues and repeated messages: the keys of {@code queues} and {@code dedup}. */
final class QueueSettings {

    static final List<Setting<?>> ALL = List.of(
            QUEUES.option(
                    "queues.prefetch",
                    Count.POSITIVE,
                    "Unacknowledged messages of a subscription without prefetch-count; more wait in the queue.",
                    QueueOptions::prefetch,
                    QueueOptions.Builder::prefetch),
            QUEUES.option(
                    "queues.max_queue_messages",
                    Count.POSITIVE,
                    "Messages of one queue; beyond it SEND is refused.",
                    QueueOptions::maxQueueMessages,
                    QueueOptions.Builder::maxQueueMessages),
            QUEUES.option(
                    "queues.max_queue_bytes",
                    Size.ANY,
                    "Bytes of one queue, bodies and headers; beyond it SEND is refused.",
                    QueueOptions::maxQueueBytes,
                    QueueOptions.Builder::maxQueueBytes),
            QUEUES.option(
                    "queues.max_deliveries",
                    Count.POSITIVE,
                    "Deliveries of a message without an ACK; after the last one it becomes a dead letter.",
                    QueueOptions::maxDeliveries,
                    QueueOptions.Builder::maxDeliveries),
            QUEUES.option(
                    "queues.max_delayed",
                    new Count(0, Integer.MAX_VALUE),
                    "Messages of all destinations that wait for their delay; beyond it SEND with a delay is refused.",
                    QueueOptions::maxDelayed,
                    QueueOptions.Builder::maxDelayed),
            QUEUES.option(
                    "queues.redelivery_delay",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "Delay of a message that a NACK gives back for the second time, doubled each time; 0: always at once.",
                    QueueOptions::redeliveryDelay,
                    QueueOptions.Builder::redeliveryDelay),
            QUEUES.option(
                    "queues.max_redelivery_delay",
                    new Time(Duration.ZERO, Duration.ofDays(1)),
                    "The longest such delay.",
                    QueueOptions::maxRedeliveryDelay,
                    QueueOptions.Builder::maxRedeliveryDelay),
            DEDUP.option(
                    "dedup.dedup_window",
                    new Time(Duration.ofMillis(1), Duration.ofDays(1)),
                    "How long a SEND with the dedup-id of an earlier one is a repeat.",
                    DedupOptions::dedupWindow,
                    DedupOptions.Builder::dedupWindow),
            DEDUP.option(
                    "dedup.max_dedup_ids",
                    Count.POSITIVE,
                    "Ids of one user that are remembered; the next one has the oldest forgotten.",
                    DedupOptions::maxDedupIds,
                    DedupOptions.Builder::maxDedupIds),
            DEDUP.option(
                    "dedup.max_dedup_bytes",
                    MemorySettings.BYTES,
                    "Bytes of the ids of all users; beyond it a new id has older ones forgotten, its own user's first.",
                    DedupOptions::maxDedupBytes,
                    DedupOptions.Builder::maxDedupBytes));

    private QueueSettings() {}
}
