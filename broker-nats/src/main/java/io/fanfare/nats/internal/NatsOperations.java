package io.fanfare.nats.internal;

import io.fanfare.backplane.SharedOperations;
import io.fanfare.message.Destination;
import io.fanfare.nats.internal.kept.Kept;
import io.fanfare.nats.internal.queue.QueueDesk;
import io.fanfare.status.QueuedMessage;
import java.util.List;
import java.util.Optional;

/**
 * Operations of operators on what NATS keeps. Any thread may call, but for event loops.
 *
 * @param kept the topics
 * @param queues the shared queues, as operators have them
 */
public record NatsOperations(Kept kept, QueueDesk queues) implements SharedOperations {

    @Override
    public long clear(Destination topic) {
        return kept.clear(topic);
    }

    @Override
    public void look() {
        queues.look();
    }

    @Override
    public void look(Destination queue) {
        queues.look(queue);
    }

    @Override
    public Optional<List<QueuedMessage>> peek(Destination queue, long after, int most, long maxBytes) {
        return queues.peek(queue, after, most, maxBytes);
    }

    @Override
    public Optional<Long> purge(Destination queue) {
        return queues.purge(queue);
    }

    @Override
    public boolean delete(Destination queue) {
        return queues.delete(queue);
    }
}
