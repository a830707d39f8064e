package io.fanfare.status;

import org.jspecify.annotations.Nullable;

/**
 * A topic with subscribers, or with messages that it keeps.
 *
 * @param destination by which a SEND reaches it, such as {@code /topic/prices.acme}
 * @param subscribers subscriptions that name it, and those by pattern that its last message found
 * @param messagesIn messages published since it came into being
 * @param messagesOut the sum of the subscribers that each of these was handed to
 * @param retained last values that it keeps
 * @param history messages of its history
 * @param present sessions that are present, as subscribers of its presence have been told; null: it is not gathered
 */
public record TopicStatus(
        String destination,
        int subscribers,
        long messagesIn,
        long messagesOut,
        int retained,
        int history,
        @Nullable Integer present) {

    /** The same with this number of sessions. */
    public TopicStatus withPresent(@Nullable Integer sessions) {
        return new TopicStatus(destination, subscribers, messagesIn, messagesOut, retained, history, sessions);
    }
}
