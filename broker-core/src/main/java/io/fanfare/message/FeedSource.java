package io.fanfare.message;

/** Topics, as far as queues that collect their messages know them. Called on the feed's loop. */
public interface FeedSource {

    /**
     * Has a feed get every message of a topic, or of all topics that match a pattern, from now on.
     *
     * @throws io.fanfare.frame.ProtocolException when the broker has too many destinations
     */
    void add(Destination destination, TopicMember member, BrokerLoop loop);

    /** Ends what {@link #add} began, for a member that is not active any more; nothing happens when it did not begin. */
    void remove(Destination destination, TopicMember member, BrokerLoop loop);
}
