package io.fanfare.status;

import io.fanfare.frame.Headers;

/**
 * A message that is ready in a queue.
 *
 * @param place in the queue's order: higher priority first, then older; never changes
 * @param messageId as MESSAGE says it
 * @param headers the sender's, with {@code destination}
 * @param body the octets; not to be changed
 * @param timestamp when the broker took it, milliseconds of the epoch
 * @param priority 0 to 9
 * @param deliveries how often it has been delivered
 */
public record QueuedMessage(
        long place, String messageId, Headers headers, byte[] body, long timestamp, int priority, int deliveries) {}
