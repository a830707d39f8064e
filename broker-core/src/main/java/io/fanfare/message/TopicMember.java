package io.fanfare.message;

/** Something that gets all messages of a topic: a subscriber, or a {@link Feed}. Owned by the loop it was added on. */
public interface TopicMember {

    /** Whether it still wants messages. */
    boolean isActive();
}
