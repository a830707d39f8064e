package io.fanfare.message;

/** A member of a topic that keeps the messages for later, in a queue. Owned by the loop it was added on. */
public interface Feed extends TopicMember {

    /** Takes a message, or leaves it out as its filter says. */
    void offer(Message message);
}
