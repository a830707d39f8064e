package io.fanfare.publish;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.message.Outcome;
import io.fanfare.queue.Queue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Messages that are published together: contiguous at each destination, and with room in every queue before the first is
 * seen. Owned by whoever fills it.
 */
public final class Batch {

    private final Destinations destinations;
    private final Map<Destination, List<Message>> messages = new LinkedHashMap<>(1);
    private final Map<Destination, Queue> reserved = new LinkedHashMap<>(1);

    public Batch(Destinations destinations) {
        this.destinations = destinations;
    }

    public void add(List<Destination> targets, Message message) {
        for (Destination target : targets) {
            // by where it goes, however the SEND spelled it
            messages.computeIfAbsent(new Destination(target.kind(), target.key(), null), t -> new ArrayList<>(1))
                    .add(message.to(target));
        }
    }

    /** Gives each destination, and what the SEND called it. */
    public void forEachTarget(BiConsumer<Destination, String> action) {
        messages.forEach((target, list) ->
                action.accept(target, String.valueOf(list.get(0).headers().get("destination"))));
    }

    /**
     * Makes room for all of them; {@link #publish} follows.
     *
     * @throws io.fanfare.frame.ProtocolException when a queue has none; nothing has changed then
     */
    public void reserve() {
        try {
            messages.forEach((destination, list) -> {
                if (destination.kind() == Destination.Kind.QUEUE) {
                    reserved.put(destination, destinations.queues().reserve(destination.key(), list));
                }
            });
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    /** Gives the room back. */
    public void release() {
        reserved.forEach((destination, queue) ->
                destinations.queues().release(queue, messages.getOrDefault(destination, List.of())));
        reserved.clear();
    }

    public Outcome publish() {
        Outcome sum = Outcome.NOTHING;
        for (Map.Entry<Destination, List<Message>> each : messages.entrySet()) {
            Queue queue = reserved.get(each.getKey());
            sum = sum.plus(
                    queue != null ? queue.fill(each.getValue()) : destinations.publish(each.getKey(), each.getValue()));
        }
        return sum;
    }
}
