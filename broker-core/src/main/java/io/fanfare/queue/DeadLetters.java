package io.fanfare.queue;

import io.fanfare.frame.Headers;
import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.loop.LogThrottle;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.publish.Destinations;
import io.fanfare.topic.Topic;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where messages of a queue go that nobody could make use of: {@code /queue/DLQ.NAME}. Any thread may call. */
public final class DeadLetters {

    /** Why a message is a dead letter, as {@code x-death-reason} says it. */
    public enum Reason {
        REJECTED("rejected"),
        MAX_DELIVERIES("max-deliveries");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final String PREFIX = "DLQ.";

    private final Destinations destinations;
    private final LogThrottle lines = new LogThrottle();

    public DeadLetters(Destinations destinations) {
        this.destinations = destinations;
    }

    /** Dead letters are not buried twice. */
    public static boolean isDeadLetterQueue(String key) {
        return key.startsWith(PREFIX);
    }

    /** Puts messages that a queue no longer holds into its dead letters. */
    public void bury(Queue from, List<QueueEntry> entries, Reason reason) {
        if (entries.isEmpty() || isDeadLetterQueue(from.key()) || !Topic.isPublic(from.key())) {
            // rejected from the dead letters themselves, or from what belongs to one subscription: that is the end
            return;
        }
        String name = PREFIX + from.key();
        for (QueueEntry entry : entries) {
            Headers headers = entry.message()
                    .headers()
                    .with(Headers.of(
                            "x-death-reason",
                            reason.text,
                            "x-original-destination",
                            "/queue/" + from.key(),
                            "x-delivery-count",
                            Integer.toString(entry.deliveries())));
            Message dead = entry.message()
                    .with(headers)
                    .to(new Destination(Destination.Kind.QUEUE, name, "/queue/" + name))
                    .asDeadLetter();
            try {
                destinations.publish(Destination.queue(name), List.of(dead));
            } catch (ProtocolException full) {
                lost(from, full.detail());
            }
        }
    }

    private void lost(Queue from, String why) {
        long count = lines.next(System.nanoTime());
        if (count > 0) {
            LOG.warn(
                    "lost a dead letter of {}: {} since-last-line={}",
                    Printable.of("/queue/" + from.key()),
                    why,
                    count);
        }
    }
}
