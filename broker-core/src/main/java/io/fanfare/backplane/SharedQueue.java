package io.fanfare.backplane;

import io.fanfare.message.Destination;

/**
 * A shared queue as it was when the engine was asked last.
 *
 * @param ready messages that no node has
 * @param unacknowledged messages that nodes have, or that wait for their redelivery
 * @param bytes of all of them, as the engine keeps them
 */
public record SharedQueue(Destination destination, long ready, long unacknowledged, long bytes) {}
