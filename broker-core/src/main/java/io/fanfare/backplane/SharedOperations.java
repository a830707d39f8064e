package io.fanfare.backplane;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.status.QueuedMessage;
import java.util.List;
import java.util.Optional;

/**
 * Inspection and operations of topics and queues that several nodes keep. Each call waits for the engine that keeps them,
 * some seconds at most, or as long as a SEND may wait: no event loop may make one. A {@link ProtocolException} says in a
 * sentence why something can't be done; it may have been done all the same where the engine has not answered.
 */
public interface SharedOperations {

    /**
     * Throws away the last values and the history of a {@link Carriage#KEPT} topic, at all nodes and in one step of the topic's order.
     *
     * @return how many messages this node had of it
     */
    long clear(Destination topic);

    /** Has {@link Backplane#queues} tell what the engine says now, or has said within the last second. What can't be asked stays as it was. */
    void look();

    /** Has {@link Backplane#queues} tell what the engine says now of one queue; where there is none, it is not listed any more. */
    void look(Destination queue);

    /**
     * Messages of a {@link Carriage#QUEUE} queue in their order, without taking them, those that consumers have among them; empty: there
     * is no such queue.
     *
     * @param after the place behind which to begin; -1: the first
     * @param maxBytes of bodies; the first message comes however large it is
     */
    Optional<List<QueuedMessage>> peek(Destination queue, long after, int most, long maxBytes);

    /**
     * Throws away all messages of a {@link Carriage#QUEUE} queue, those that consumers have too: they do not come again.
     *
     * @return how many; empty: there is no such queue
     */
    Optional<Long> purge(Destination queue);

    /**
     * Deletes a {@link Carriage#QUEUE} queue with its messages, unless it is in use.
     *
     * @return false: some node has consumers, or messages that it has not settled
     */
    boolean delete(Destination queue);
}
