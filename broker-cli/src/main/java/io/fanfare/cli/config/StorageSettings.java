package io.fanfare.cli.config;

import static io.fanfare.cli.config.Setting.Group.DEDUP;
import static io.fanfare.cli.config.Setting.Group.MEMORY;
import static io.fanfare.cli.config.Setting.Group.QUEUES;
import static io.fanfare.cli.config.Setting.Group.TOPICS;

import io.fanfare.cli.config.ValueTypes.Count;
import io.fanfare.cli.config.ValueTypes.HeapShare;
import io.fanfare.cli.config.ValueTypes.Size;
import io.fanfare.cli.config.ValueTypes.Time;
import io.fanfare.options.DedupOptions;
import io.fanfare.options.MemoryOptions;
import io.fanfare.options.QueueOptions;
import io.fanfare.options.TopicOptions;
import java.time.Duration;
import java.util.List;

/**
 * Settings of what the broker keeps for its clients, and how much: {@code queues}, {@code dedup}, {@code memory}, {@code
 * presence} and {@code topics}.
 */
final class StorageSettings {

    static final HeapShare BYTES = new HeapShare(Size.ANY, Runtime.getRuntime().maxMemory());

    /** The keys of {@code queues}, but for those of shared ones. */
    static final List<Setting<?>> QUEUES_OF_THIS_NODE = List.of(
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
                    QueueOptions.Builder::maxRedeliveryDelay));

    static final List<Setting<?>> ALL = List.of(
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
                    BYTES,
                    "Bytes of the ids of all users; beyond it a new id has older ones forgotten, its own user's first.",
                    DedupOptions::maxDedupBytes,
                    DedupOptions.Builder::maxDedupBytes),
            MEMORY.option(
                    "memory.max_memory_bytes",
                    BYTES,
                    "Bytes of queues, transactions and messages under way together; beyond it SEND is refused.",
                    MemoryOptions::maxMemoryBytes,
                    MemoryOptions.Builder::maxMemoryBytes),
            MEMORY.option(
                    "memory.high_memory_bytes",
                    BYTES,
                    "Bytes under way to subscribers; beyond it stalled ones are cut, and connections that SEND not read from.",
                    MemoryOptions::highMemoryBytes,
                    MemoryOptions.Builder::highMemoryBytes),
            TOPICS.option(
                    "memory.max_retained_keys",
                    new Count(0, Integer.MAX_VALUE),
                    "Last values of all topics together; a SEND that would make one more is refused.",
                    TopicOptions::maxRetainedKeys,
                    TopicOptions.Builder::maxRetainedKeys),
            TOPICS.option(
                    "memory.max_retained_bytes",
                    BYTES,
                    "Bytes of the last values of all topics together; a SEND whose value would go beyond it is refused.",
                    TopicOptions::maxRetainedBytes,
                    TopicOptions.Builder::maxRetainedBytes),
            TOPICS.option(
                    "memory.max_retained_key_bytes",
                    Count.POSITIVE,
                    "Bytes of the key of a last value; a SEND with a longer one is refused.",
                    TopicOptions::maxRetainedKeyBytes,
                    TopicOptions.Builder::maxRetainedKeyBytes),
            TOPICS.option(
                    "memory.max_history_bytes",
                    BYTES,
                    "Bytes of the histories of all topics together; beyond it topics let go of their oldest messages.",
                    TopicOptions::maxHistoryBytes,
                    TopicOptions.Builder::maxHistoryBytes),
            TOPICS.option(
                    "presence.presence_grace",
                    new Time(Duration.ZERO, Duration.ofHours(1)),
                    "How long a lost session stays present, for a client that comes back; 0: it leaves at once.",
                    TopicOptions::presenceGrace,
                    TopicOptions.Builder::presenceGrace),
            TOPICS.option(
                    "presence.max_presence_members",
                    Count.POSITIVE,
                    "Sessions of a topic that are listed; with more, SUBSCRIBE gets their number alone (presence:count).",
                    TopicOptions::maxPresenceMembers,
                    TopicOptions.Builder::maxPresenceMembers),
            TOPICS.option(
                    "topics",
                    new TopicRuleList(),
                    "Rules such as {match: /topic/a.#, retain: last}; none: topics keep nothing. Read again when they change.",
                    TopicOptions::rules,
                    TopicOptions.Builder::rules));

    private StorageSettings() {}
}
