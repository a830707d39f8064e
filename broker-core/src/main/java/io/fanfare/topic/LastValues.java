package io.fanfare.topic;

import io.fanfare.status.LastValue;
import java.util.ArrayList;
import java.util.List;

/** Reads last values of a topic for operators: the topic's lock is held for a part at a time. */
final class LastValues {

    /** Values of one part. */
    private static final int PART = 256;

    private LastValues() {}

    static List<LastValue> read(Topic topic, long after, int most, long maxBytes) {
        List<LastValue> found = new ArrayList<>();
        long bytes = 0;
        long place = after;
        while (found.size() < most) {
            List<LastValue> part = topic.lastValues(place, Math.min(PART, most - found.size()));
            if (part.isEmpty()) {
                return found;
            }
            for (LastValue value : part) {
                bytes += value.body().length;
                if (bytes > maxBytes && !found.isEmpty()) {
                    return found;
                }
                found.add(value);
                place = value.sequence();
            }
        }
        return found;
    }
}
