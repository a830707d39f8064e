package io.fanfare.nats.internal;

import io.fanfare.backplane.SharedOperations;
import io.fanfare.message.Destination;
import io.fanfare.nats.internal.kept.Kept;

/**
 * What operators do to what NATS keeps. Any thread may call, but for event loops.
 *
 * @param kept the topics
 */
public record NatsOperations(Kept kept) implements SharedOperations {

    @Override
    public long clear(Destination topic) {
        return kept.clear(topic);
    }
}
