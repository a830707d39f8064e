package io.fanfare.backplane;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.status.BrokerStatus;
import java.util.Map;

/** What a {@link Backplane} does to the broker that it connects. Any thread may call; none of these calls waits for a client. */
public interface LocalNode {

    /**
     * Publishes a message that another node has sent, to this node's subscribers.
     *
     * @throws ProtocolException when it is refused
     */
    Outcome deliver(Destination destination, Message message);

    /**
     * Whether more of other nodes' messages should come just now; false: as much is under way to clients as may be, and a
     * backplane waits a little.
     */
    boolean hasRoom();

    /** The clock that the broker's messages expire by. */
    BrokerClock clock();

    /** The broker as a whole; asks no event loop. */
    BrokerStatus status();

    /** What all nodes of a cluster must have alike, by the key of the configuration. */
    Map<String, String> settings();

    /**
     * Messages of other nodes were lost on their way: clients with subscriptions to topics are closed (1012), so that they connect
     * again and ask for the present.
     *
     * @param why what clients are told; at most 100 bytes of UTF-8
     */
    void lost(String why);

    /**
     * Closes the connections of this moment, each behind everything that was on its way to it.
     *
     * @param why what clients are told; at most 100 bytes of UTF-8
     */
    void closeSessions(CloseCode code, String why);
}
