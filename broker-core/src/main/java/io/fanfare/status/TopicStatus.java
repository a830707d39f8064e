package io.fanfare.status;

/**
 * A topic with subscribers.
 *
 * @param destination by which a SEND reaches it, such as {@code /topic/prices.acme}
 * @param subscribers subscriptions that name it, and those by pattern that its last message found
 * @param messagesIn messages published since it came into being
 * @param messagesOut the sum of the subscribers that each of these was handed to
 */
public record TopicStatus(String destination, int subscribers, long messagesIn, long messagesOut) {}
