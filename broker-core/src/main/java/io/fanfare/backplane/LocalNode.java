package io.fanfare.backplane;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.BrokerClock;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;

/** What a {@link Backplane} does to the broker that it connects. Any thread may call; none of these calls waits for a client. */
public interface LocalNode {

    /**
     * Publishes a message that another node has sent, to this node's subscribers.
     *
     * @throws ProtocolException when it is refused
     */
    Outcome deliver(Destination destination, Message message);

    /** The clock that the broker's messages expire by. */
    BrokerClock clock();

    /** What each shared queue may hold. */
    QueueLimits queueLimits();

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
