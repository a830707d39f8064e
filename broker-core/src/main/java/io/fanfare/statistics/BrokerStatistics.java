package io.fanfare.statistics;

import io.fanfare.frame.Command;
import java.util.List;
import java.util.Map;

/**
 * Counts of a broker since its start, and what it holds. The parts are read one after the other while the broker works,
 * so that they need not agree to the last message. Maps have an entry for each constant.
 *
 * @param publishToWrite from a publish, or a message's leaving its queue, to the write to its subscribers' sockets: the first
 *     message of each turn of a loop; sockets that were full then, and writes that follow, do not count
 * @param queues at most as many as were asked for, those with the most messages first
 * @param loops one for each event loop that has had a connection
 */
public record BrokerStatistics(
        Connections connections,
        Frames frames,
        Compression compression,
        Messages messages,
        Map<SlowAction, Long> slowConsumers,
        Destinations destinations,
        List<QueueStatistics> queues,
        Kept kept,
        MemoryUse memory,
        Durations publishToWrite,
        List<Loop> loops) {

    public BrokerStatistics {
        slowConsumers = Map.copyOf(slowConsumers);
        queues = List.copyOf(queues);
        loops = List.copyOf(loops);
    }

    /**
     * Connections.
     *
     * @param open those of this moment, before CONNECTED too
     * @param blocked of these, connections whose socket is full
     * @param opened since the start
     * @param closed since the start, by reason
     * @param refused sockets that did not become connections, by reason
     * @param failedLogins logins that were refused or could not be decided
     * @param softErrors frames that were refused without an end of their connection
     */
    public record Connections(
            int open,
            long blocked,
            long opened,
            Map<Disconnect, Long> closed,
            Map<Refusal, Long> refused,
            long failedLogins,
            long softErrors) {

        public Connections {
            closed = Map.copyOf(closed);
            refused = Map.copyOf(refused);
        }
    }

    /**
     * Frames and octets.
     *
     * @param received whole frames from clients, by command
     * @param sent frames given to connections, by command
     * @param bytesReceived octets of STOMP, without WebSocket's headers
     * @param bytesSent octets that sockets took, with WebSocket's headers, before TLS
     */
    public record Frames(Map<Command, Long> received, Map<Command, Long> sent, long bytesReceived, long bytesSent) {

        public Frames {
            received = Map.copyOf(received);
            sent = Map.copyOf(sent);
        }
    }

    /**
     * Compressed messages (permessage-deflate) since the start: each once for all connections that share its bytes.
     *
     * @param messages compressed, or tried and found to get no smaller
     * @param bytesBefore octets of these, without the headers that each subscription has of its own
     * @param bytesAfter the same as they were sent
     */
    public record Compression(long messages, long bytesBefore, long bytesAfter) {}

    /**
     * Messages since the start.
     *
     * @param toTopics published to topics; each destination of a composite SEND counts
     * @param toQueues published to queues
     * @param delivered given to subscribers' connections
     * @param redelivered of these, those that had been delivered before
     * @param expired messages whose time to live was over
     * @param dropped by reason
     * @param deadLettered put into dead-letter queues, by reason
     */
    public record Messages(
            long toTopics,
            long toQueues,
            long delivered,
            long redelivered,
            long expired,
            Map<Drop, Long> dropped,
            Map<DeathReason, Long> deadLettered) {

        public Messages {
            dropped = Map.copyOf(dropped);
            deadLettered = Map.copyOf(deadLettered);
        }

        /** Published to topics and queues. */
        public long published() {
            return toTopics + toQueues;
        }
    }

    /**
     * Destinations of this moment.
     *
     * @param topics with subscribers, or with messages that they keep
     * @param presenceTopics topics at which a session is present, or whose presence a subscriber asks for
     * @param queues with consumers or messages
     * @param durableSubscriptions those of absent clients included
     * @param ready messages of all queues, those of durable and acknowledging subscriptions included, that no consumer has
     * @param unacknowledged messages of all queues that are not settled
     * @param queueBytes about what the messages of all queues take
     * @param consumers of all queues
     */
    public record Destinations(
            int topics,
            int presenceTopics,
            int queues,
            int durableSubscriptions,
            long ready,
            long unacknowledged,
            long queueBytes,
            long consumers) {}

    /**
     * What topics keep for subscribers that come later.
     *
     * @param values last values of all topics
     * @param valueBytes about what these take
     * @param historyBytes about what the histories of all topics take
     */
    public record Kept(int values, long valueBytes, long historyBytes) {}

    /**
     * Memory that is counted, in bytes.
     *
     * @param held by queues, transactions, backlogs, and on the way to subscribers
     * @param limit beyond which SEND is refused ({@code max_memory_bytes})
     * @param underWay of these, on the way to subscribers
     * @param highMark of what is under way, beyond which publishers wait ({@code high_memory_bytes})
     */
    public record MemoryUse(long held, long limit, long underWay, long highMark) {}

    /**
     * One event loop.
     *
     * @param turns its turns, each from the end of the wait for events to the last write
     * @param lag how long the first of several tasks and messages waited for the loop
     * @param mailboxBytes what waits for its turn
     * @param outboxBytes what waits for sockets; shared bytes count once
     */
    public record Loop(Durations turns, Durations lag, long mailboxBytes, long outboxBytes) {}
}
