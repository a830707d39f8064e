package io.fanfare.nats.internal.queue;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last messages of shared queues that have ended at this node: an engine that was killed may have forgotten what it did last, and
 * bring them again. Owned by the worker.
 */
final class Ends {

    /** Of all queues together; each takes some 350 B. */
    static final int MOST = 20_000;

    /** A place in a stream, by the stream's name. */
    private record Place(String stream, long sequence) {}

    /**
     * A message that is done with.
     *
     * @param stored when its stream took it, which tells it from one of a later stream
     * @param replyTo where the engine is told so
     * @param at when it was, by {@link System#nanoTime}
     */
    record End(Instant stored, String replyTo, long at) {}

    /** The oldest first. */
    private final Map<Place, End> ends = new LinkedHashMap<>();

    void add(String stream, long sequence, End end) {
        Place place = new Place(stream, sequence);
        ends.remove(place);
        ends.put(place, end);
        if (ends.size() > MOST) {
            ends.remove(ends.keySet().iterator().next());
        }
    }

    /** Whether the message that a stream took there at this time has ended. */
    boolean has(String stream, long sequence, Instant stored) {
        End end = ends.get(new Place(stream, sequence));
        return end != null && end.stored().equals(stored);
    }

    /** Those of a stream, the oldest first. */
    List<End> of(String stream) {
        return ends.entrySet().stream()
                .filter(each -> each.getKey().stream().equals(stream))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The stream of this name is another one now. */
    void forget(String stream) {
        ends.keySet().removeIf(each -> each.stream().equals(stream));
    }
}
