package io.fanfare.backplane;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.options.TopicRule;
import io.fanfare.status.BrokerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The broker as the {@link Backplane} that connects it sees it. Any thread may call; none of these calls waits for a
 * client.
 */
public interface LocalNode {

    /**
     * Publishes messages that another node has sent, all to one destination, to this node's subscribers.
     *
     * @throws ProtocolException when they are refused
     */
    Outcome deliver(Destination destination, List<Message> messages);

    /** The rules by which topics keep messages, with patterns as in SUBSCRIBE; of several that match a topic the first counts. */
    List<TopicRule> topicRules();

    /** The rule by which a topic keeps messages; null: it keeps none. */
    @Nullable
    TopicRule keptRule(Destination topic);

    /** The key of the last value that a message of a kept topic sets or takes away; null: it does neither. */
    @Nullable
    String keptKey(Destination topic, Message message);

    /**
     * The messages of all topics of a rule have one order outside of the nodes, and {@link #keep} brings them. Called before the
     * first of them; again with the same epoch when it has lost messages that this node has not got; with another one when it
     * began anew: then these topics keep nothing any more, and clients with subscriptions to topics are closed (1012).
     *
     * @param epoch names the life of the order, as clients see it: digits, letters, hyphens
     * @param lostUpTo messages with a number up to here can't be got any more
     */
    void order(TopicRule rule, String epoch, long lostUpTo);

    /**
     * Publishes a message of a {@link Carriage#KEPT} topic at its place. Called by one thread for each rule, in their order; what
     * came before goes nowhere.
     *
     * @param number in the order of the topic's rule, above 0
     * @return what it was to this node's subscribers
     */
    Outcome keep(Destination topic, long number, Message message);

    /**
     * Lets go of all that a {@link Carriage#KEPT} topic keeps, at its place in the order of the topic's rule; called as {@link #keep}.
     * What a client may resume from before that place says that something is missing.
     *
     * @return how many last values and messages of the history
     */
    long clear(Destination topic, long number);

    /**
     * Whether more of other nodes' messages should come just now; false: as much is under way to clients as may be, and a
     * backplane waits a little.
     */
    boolean hasRoom();

    /** The clock that the broker's messages expire by. */
    BrokerClock clock();

    /** What each shared queue may hold. */
    QueueLimits queueLimits();

    /** How long a durable subscription is kept without its client. */
    default Duration durableExpiry() {
        return Duration.ofDays(1);
    }

    /** The broker as a whole; asks no event loop. */
    BrokerStatus status();

    /** What all nodes of a cluster must have alike, by the key of the configuration. */
    Map<String, String> settings();

    /**
     * The other nodes refuse this one, after {@link Backplane#start} has returned: the program that it runs in is told.
     *
     * @param why a sentence, as of the exception that start throws
     */
    default void refused(String why) {}

    /**
     * Messages of other nodes were lost on their way: clients with subscriptions to topics are closed (1012), so that they connect
     * again and ask for the present.
     *
     * @param why what clients are told; at most 100 bytes of UTF-8
     */
    void lost(String why);

    /** The sessions of this node that are present, at each topic where they are. */
    List<PresenceChange> present();

    /** A session of another node has come to a topic, or has left it. */
    void present(String node, PresenceChange change);

    /** The sessions of another node that are present, in place of those that were told before; none: the node has gone. */
    void present(String node, List<PresenceChange> all);

    /**
     * Closes the connections of this moment, each behind everything that was on its way to it.
     *
     * @param why what clients are told; at most 100 bytes of UTF-8
     */
    void closeSessions(CloseCode code, String why);
}
