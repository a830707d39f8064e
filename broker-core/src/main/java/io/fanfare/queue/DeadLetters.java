package io.fanfare.queue;

import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.LogThrottle;
import io.fanfare.message.Destination;
import io.fanfare.message.DestinationText;
import io.fanfare.message.Message;
import io.fanfare.message.Target;
import io.fanfare.options.QueueOptions;
import io.fanfare.statistics.DeathReason;
import io.fanfare.statistics.Drop;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dead-letter queues, {@code /queue/DLQ.NAME}: they take messages that were rejected or delivered too often. Any thread may call. */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final Queues queues;
    private final LogThrottle lines = new LogThrottle();

    DeadLetters(Queues queues) {
        this.queues = queues;
    }

    /** Dead letters are not buried twice. */
    static boolean isDeadLetterQueue(@Nullable Destination queue) {
        return queue != null && queue.isShared() && queue.name().startsWith(DestinationText.DEAD_LETTERS);
    }

    /** Whether a message has been delivered so often that it goes to the dead letters of its queue. */
    static boolean isDue(@Nullable Destination queue, int deliveries, QueueOptions options) {
        return deliveries >= options.maxDeliveries() && !isDeadLetterQueue(queue);
    }

    /** Puts messages that a queue no longer holds into its dead letters. */
    void bury(Queue from, List<QueueEntry> entries, DeathReason reason) {
        Destination queue = from.destination();
        if (entries.isEmpty() || queue == null || !queue.isShared() || isDeadLetterQueue(queue)) {
            // rejected from the dead letters themselves, or from what belongs to one subscription: that is the end
            queues.counts().dropped(Drop.REJECTED, entries.size());
            return;
        }
        for (QueueEntry entry : entries) {
            try {
                queues.bury(of(queue), List.of(dead(queue, entry.message(), entry.deliveries(), reason)));
                queues.counts().buried(reason);
            } catch (ProtocolException full) {
                lost(queue, full.detail());
            }
        }
    }

    /** The queue for dead letters of this one. */
    static Destination of(Destination queue) {
        return Destination.queue(DestinationText.DEAD_LETTERS + queue.name());
    }

    /** A message as it is put there. */
    static Message dead(Destination from, Message message, int deliveries, DeathReason reason) {
        Headers headers = message.headers()
                .with(Headers.of(
                        "x-death-reason",
                        reason.label(),
                        "x-original-destination",
                        DestinationText.of(from),
                        "x-delivery-count",
                        Integer.toString(deliveries)));
        Destination deadLetters = of(from);
        return message.with(headers)
                .to(new Target(deadLetters, DestinationText.of(deadLetters)))
                .asDeadLetter();
    }

    private void lost(Destination from, String why) {
        queues.counts().dropped(Drop.DEAD_LETTERS_FULL, 1);
        long count = lines.next(queues.clock().nanoTime());
        if (count > 0) {
            LOG.warn(
                    "lost a dead letter of {}: {} since-last-line={}",
                    Printable.of(DestinationText.of(from)),
                    why,
                    count);
        }
    }
}
