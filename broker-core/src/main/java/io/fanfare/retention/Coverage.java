package io.fanfare.retention;

import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Messages that have been replayed, by topic. A replay that goes on alone shares what it had in common with the others:
 * many that are alone would else have as many copies. Owned by a loop.
 */
public final class Coverage {

    /**
     * Up to where live messages of a topic are none any more: they have been replayed.
     *
     * @param upTo the last sequence
     * @param valuesOnly whether those that were no last values have not been
     */
    public record Covered(long upTo, boolean valuesOnly) {

        public boolean covers(Message message) {
            return message.sequence() <= upTo && (!valuesOnly || message.isRetained());
        }
    }

    private record Numbered(Covered covered, int number) {}

    private final @Nullable Coverage common;

    /** How many of the others' topics are common. */
    private final int commonTopics;

    private final Map<Destination, Numbered> own = new HashMap<>(2);

    /** The own topics, in the order in which they came. */
    private final List<Destination> order = new ArrayList<>(0);

    private Coverage(@Nullable Coverage common, int commonTopics) {
        this.common = common;
        this.commonTopics = commonTopics;
    }

    /** Nothing yet. */
    public static Coverage none() {
        return new Coverage(null, 0);
    }

    /** The same so far; what is added to either is not in the other. */
    public Coverage split() {
        return new Coverage(this, size());
    }

    public void put(Destination topic, Covered covered) {
        own.put(topic, new Numbered(covered, size()));
        order.add(topic);
    }

    @Nullable
    public Covered get(Destination topic) {
        return get(topic, Integer.MAX_VALUE);
    }

    private @Nullable Covered get(Destination topic, int topics) {
        Numbered found = own.get(topic);
        if (found != null) {
            return found.number() < topics ? found.covered() : null;
        }
        return common == null ? null : common.get(topic, Math.min(topics, commonTopics));
    }

    /** How many topics there are. */
    public int size() {
        return commonTopics + order.size();
    }

    /** A topic by its number, from 0, in the order in which they came. */
    public Destination topic(int number) {
        return common == null || number >= commonTopics ? order.get(number - commonTopics) : common.topic(number);
    }
}
