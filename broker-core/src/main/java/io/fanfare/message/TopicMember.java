package io.fanfare.message;

/** Member of a topic, which gets all its messages: a subscriber, or a {@link Feed}. Owned by the loop it was added on. */
public interface TopicMember {

    /**
     * The owner in whose share its patterns count: that of its connection, by {@link
     * io.fanfare.quota.DestinationQuota}.
     */
    String owner();

    /** Whether it still wants messages. */
    boolean isActive();

    /** Whether it names several destinations, and a topic may be among more than one of them. */
    default boolean isComposite() {
        return false;
    }
}
