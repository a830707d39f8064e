package io.fanfare.backplane;

import io.fanfare.message.Destination;
import org.jspecify.annotations.Nullable;

/**
 * A shared queue as it was when the engine was asked last.
 *
 * @param ready messages that no node has had
 * @param unacknowledged messages that nodes have, or that wait for their redelivery
 * @param bytes of all of them, as the engine keeps them
 * @param oldest when the oldest of all of them came, milliseconds of the epoch; null: there is none
 * @param messagesIn messages that have come since the engine has the queue
 * @param messagesOut deliveries to nodes since then, redeliveries included
 * @param consumersElsewhere consumers at other nodes, as these have told
 */
public record SharedQueue(
        Destination destination,
        long ready,
        long unacknowledged,
        long bytes,
        @Nullable Long oldest,
        long messagesIn,
        long messagesOut,
        int consumersElsewhere) {

    /** The same with consumers at other nodes. */
    public SharedQueue with(int consumers) {
        return new SharedQueue(destination, ready, unacknowledged, bytes, oldest, messagesIn, messagesOut, consumers);
    }
}
