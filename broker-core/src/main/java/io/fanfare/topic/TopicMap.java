package io.fanfare.topic;

import io.fanfare.message.Destination;
import io.fanfare.retention.Order;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The topics of a broker by their destinations. Any thread may call. */
final class TopicMap {

    private final AtomicLong numbers;
    private final KeptTopics kept;
    private final Map<Destination, Topic> byDestination = new ConcurrentHashMap<>();

    /** The shared ones by name, in order, for patterns to look through. */
    private final ConcurrentNavigableMap<String, Topic> shared = new ConcurrentSkipListMap<>();

    /**
     * No forgotten topic has counted further. New ones begin here, so that the messages of topics of one name that follow each
     * other have places that never go back.
     */
    private final AtomicLong endOfForgotten = new AtomicLong();

    /**
     * No topics.
     *
     * @param numbers gives each topic and queue of the broker a number of its own
     */
    TopicMap(AtomicLong numbers, KeptTopics kept) {
        this.numbers = numbers;
        this.kept = kept;
    }

    int count() {
        return byDestination.size();
    }

    /** All of this moment; ones that come or go meanwhile may be among them. */
    Stream<Topic> all() {
        return byDestination.values().stream();
    }

    /** The topic of this name; null: there is none. */
    @Nullable
    Topic find(Destination destination) {
        return byDestination.get(destination);
    }

    /** The shared topics whose names begin so, in order; ones that come meanwhile may be among them. */
    Stream<Destination> beginningWith(String prefix) {
        return shared.subMap(prefix, true, prefix + Character.MAX_VALUE, true).values().stream()
                .map(Topic::destination);
    }

    Topic getOrCreate(Destination destination) {
        return byDestination.computeIfAbsent(destination, d -> {
            Order order = kept.order(d);
            long sequence = order == null ? endOfForgotten.get() : order.last();
            Topic topic = new Topic(d, numbers.incrementAndGet(), sequence, kept);
            if (d.isShared()) {
                shared.put(d.name(), topic);
            }
            return topic;
        });
    }

    /** Lets go of a topic that has gone; another of its name may be there already. */
    void forget(Topic topic) {
        byDestination.computeIfPresent(topic.destination(), (destination, found) -> {
            if (found != topic) {
                return found;
            }
            shared.remove(destination.name(), topic);
            kept.remove(topic);
            // before another of this name can begin
            Order order = kept.order(destination);
            if (order == null) {
                endOfForgotten.accumulateAndGet(topic.sequence(), Math::max);
            } else {
                order.lost(topic.sequence());
            }
            return null;
        });
    }
}
