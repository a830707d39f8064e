package io.fanfare.broker;

/** What listens to a topic on one loop. Owned by that loop. */
sealed interface TopicMember permits Subscription, Feed {

    MessageFilter filter();

    /** Whether it still wants messages. */
    boolean isActive();
}
