package io.fanfare.backplane;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.status.NodeStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Connects the nodes of a cluster. The broker asks it how a destination is carried, and gives it the messages that others need;
 * it gives the broker those of others by {@link LocalNode}. Event loops call all methods but {@link #start} and {@link #close},
 * other threads may, and none of these calls blocks. Stages are completed by any thread; they fail with a {@link ProtocolException},
 * which the client is told.
 */
public interface Backplane extends AutoCloseable {

    /** The name of this node, unlike that of any other: some digits and small letters. Ids of its sessions and messages begin with it. */
    String node();

    /**
     * Begins; called once, before a client can connect. Waits until other nodes' messages get here, or, where they can't be
     * reached, for a bounded time; then it goes on trying.
     *
     * @throws IllegalStateException when the others refuse this node; the message is a sentence that says why
     */
    void start(LocalNode local);

    /**
     * How messages of this destination are carried.
     *
     * @throws ProtocolException when several nodes can't have it
     */
    Carriage carriage(Destination destination);

    /**
     * Makes sure that other nodes can have a message, before this node's subscribers get it.
     *
     * @throws ProtocolException when it is too large to be carried
     */
    default void check(Destination destination, Message message) {}

    /**
     * Sends a message of a {@link Carriage#LIVE} destination to the other nodes. This node's subscribers have it already; messages
     * that one thread forwards arrive in their order.
     */
    void forward(Destination destination, Message message);

    /** Completed when all that this thread has forwarded is on its way beyond this process, with the number of nodes that get it. */
    CompletionStage<Integer> forwarded();

    /** Hands a message to the node of the connection that a {@link Carriage#OWNER} destination belongs to. */
    CompletionStage<Outcome> hand(Destination destination, Message message);

    /** Appends a message to a {@link Carriage#KEPT} topic; completed when it is kept. */
    CompletionStage<Outcome> append(Destination topic, Message message);

    /**
     * Appends a message to a {@link Carriage#QUEUE} queue; completed when it is kept. Messages of one sender are kept in their
     * order.
     *
     * @param id a message whose id the queue has had not long ago is a repeat ({@link Outcome#DUPLICATE}) and goes nowhere; null:
     *     it has none
     */
    CompletionStage<Outcome> enqueue(Destination queue, Message message, @Nullable String id);

    /**
     * This node has consumers of a {@link Carriage#QUEUE} queue from now on.
     *
     * @param taker gets as many messages as the result is told to want
     */
    QueueSource take(Destination queue, QueueTaker taker);

    /** The shared queues as far as they are known; the engine is asked now and then by a thread of its own, not by this. */
    default List<SharedQueue> queues() {
        return List.of();
    }

    /** The durable subscriptions to {@link Carriage#KEPT} topics. */
    default DurableRegistry durables() {
        return DurableRegistry.NONE;
    }

    /** What operators do to what several nodes keep. */
    default SharedOperations operations() {
        throw new ProtocolException("not available", "nothing is kept for several nodes here");
    }

    /** Bytes of messages that wait to be sent on; publishers wait while they are many. Asked by any thread. */
    long bytesUnderWay();

    /** Tells other nodes that a session of this one has come to a topic, or has left it. Called under locks. */
    default void present(PresenceChange change) {}

    /** Why clients should go to another node just now; empty: they may come. */
    default Optional<String> unready() {
        return Optional.empty();
    }

    /** The nodes that this one knows, itself included. */
    default List<NodeStatus> nodes() {
        return List.of();
    }

    /** Leaves the cluster; what was forwarded before gets there. */
    @Override
    void close();
}
