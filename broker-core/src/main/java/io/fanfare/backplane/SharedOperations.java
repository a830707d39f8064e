package io.fanfare.backplane;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;

/**
 * What operators do to topics and queues that several nodes keep. Each call waits for what keeps them, some seconds at most or as long as
 * a SEND may wait: no event loop may make one.
 */
public interface SharedOperations {

    /** Of a backplane that keeps nothing. */
    SharedOperations NONE = topic -> {
        throw new ProtocolException("not available", "nothing is kept for several nodes here");
    };

    /**
     * Throws away the last values and the history of a {@link Carriage#KEPT} topic, at all nodes and in one step of the topic's order.
     *
     * @return how many messages this node had of it
     * @throws ProtocolException when it can't be done; then it is not, or will have been done some time later
     */
    long clear(Destination topic);
}
