package io.fanfare.status;

import org.jspecify.annotations.Nullable;

/**
 * A queue.
 *
 * @param destination by which a SEND reaches it, such as {@code /queue/orders}
 * @param depth messages that are ready for a consumer
 * @param unacknowledged messages that consumers have, or that are on their way to them
 * @param redelivering messages that were given back and wait for their next delivery
 * @param delayed places kept for messages that wait for their delay
 * @param bytes memory of all of them, about
 * @param consumers the number of consumers
 * @param oldest when the oldest of the ready messages came, of a shared queue the oldest of all, milliseconds of the epoch; null: there is
 *     none
 * @param messagesIn messages that have come since the queue came into being
 * @param messagesOut deliveries to consumers since then, redeliveries included
 * @param shared whether several nodes share it: all of this is then of all of them, and may be a second or two old
 */
public record QueueStatus(
        String destination,
        int depth,
        int unacknowledged,
        int redelivering,
        int delayed,
        long bytes,
        int consumers,
        @Nullable Long oldest,
        long messagesIn,
        long messagesOut,
        boolean shared) {}
