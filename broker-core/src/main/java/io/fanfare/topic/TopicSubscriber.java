package io.fanfare.topic;

import io.fanfare.message.Destination;
import io.fanfare.message.Subscriber;
import io.fanfare.message.TopicMember;
import io.fanfare.topic.backlog.DeliveryPolicy;
import java.util.List;

/** A subscription to topics that gets their messages as they come. Owned by the loop of its outbox. */
public interface TopicSubscriber extends Subscriber, TopicMember {

    /** All that its SUBSCRIBE names. */
    List<Destination> destinations();

    DeliveryPolicy policy();

    /** Whether it has the last values that a topic kept when it joined, before it gets the first live message. */
    boolean hasValuesBefore();

    /** The backlogs of its connection, for messages that a slow socket can't take. */
    BackloggedSubscriptions backlogs();
}
