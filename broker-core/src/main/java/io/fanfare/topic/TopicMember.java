package io.fanfare.topic;

import io.fanfare.message.MessageFilter;

/** What listens to a topic on one loop. Owned by that loop. */
public interface TopicMember {

    MessageFilter filter();

    /** Whether it still wants messages. */
    boolean isActive();
}
