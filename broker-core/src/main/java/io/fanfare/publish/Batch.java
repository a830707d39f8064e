package io.fanfare.publish;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.message.Target;
import io.fanfare.queue.Queue;
import io.fanfare.retention.RetentionAccount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages that are published together: contiguous at each destination, and with room in every queue before the first is
 * seen. Not thread-safe.
 */
final class Batch {

    private final Map<Destination, List<Message>> messages = new LinkedHashMap<>(1);
    private final Map<Destination, Queue> reserved = new LinkedHashMap<>(1);

    /** Room for the values that topics keep of them; null before it is taken. */
    private RetentionAccount.@Nullable Claim claim;

    void add(List<Target> targets, Message message) {
        for (Target target : targets) {
            messages.computeIfAbsent(target.destination(), t -> new ArrayList<>(1))
                    .add(message.to(target));
        }
    }

    /**
     * Makes room for all of them; {@link #publish} or {@link #release} follows.
     *
     * @throws ProtocolException when a queue has none; nothing has changed then
     */
    void reserve(Destinations destinations) {
        RetentionAccount.Claim values = destinations.topics().retained().claim();
        claim = values;
        try {
            messages.forEach((destination, list) -> {
                if (destination.kind() == Destination.Kind.QUEUE) {
                    Queue queue = destinations.queues().reserve(destination, list);
                    if (queue != null) {
                        reserved.put(destination, queue);
                    }
                } else {
                    destinations.topics().check(destination, list, values);
                }
            });
        } catch (RuntimeException e) {
            release(destinations);
            throw e;
        }
    }

    /** Gives the room back. */
    void release(Destinations destinations) {
        reserved.forEach((destination, queue) ->
                destinations.queues().release(queue, messages.getOrDefault(destination, List.of())));
        reserved.clear();
        giveBackClaim();
    }

    private void giveBackClaim() {
        if (claim != null) {
            claim.giveBack();
        }
    }

    /** Hands the messages over: to the queues that have room for them, and to topics. */
    Outcome publish(Destinations destinations) {
        giveBackClaim();
        Outcome sum = Outcome.NOTHING;
        for (Map.Entry<Destination, List<Message>> each : messages.entrySet()) {
            Outcome outcome = publish(each.getKey(), each.getValue(), destinations);
            sum = sum.plus(destinations.counted(each.getKey(), each.getValue(), outcome));
        }
        return sum;
    }

    private Outcome publish(Destination destination, List<Message> list, Destinations destinations) {
        if (destination.kind() != Destination.Kind.QUEUE) {
            return destinations.topics().publishChecked(destination, list);
        }
        Queue queue = reserved.get(destination);
        return queue == null ? Outcome.dropped(list) : destinations.queues().fill(queue, list);
    }
}
