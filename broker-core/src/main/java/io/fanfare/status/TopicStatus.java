package io.fanfare.status;

/**
 * A topic with subscribers, or with messages that it keeps.
 *
 * @param destination by which a SEND reaches it, such as {@code /topic/prices.acme}
 * @param subscribers subscriptions that name it, and those by pattern that its last message found
 * @param messagesIn messages published since it came into being
 * @param messagesOut the sum of the subscribers that each of these was handed to
 * @param retained last values that it keeps
 * @param history messages of its history
 */
public record TopicStatus(
        String destination, int subscribers, long messagesIn, long messagesOut, int retained, int history) {}
