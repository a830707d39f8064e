package io.fanfare.nats.internal.live;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Highest batch number received of each life of a node. Used by one thread. */
final class Numbers {

    /** Lives that are remembered, also those that have ended; of very many the last ones heard of. */
    static final int MAX_LIVES = 1024;

    private final Map<Long, Long> last = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
            return size() > MAX_LIVES;
        }
    };

    /** The highest number so far; null: nothing is known of this life. */
    @Nullable
    Long last(long life) {
        return last.get(life);
    }

    /** Remembers a number, if it is higher than those before. */
    void add(long life, long number) {
        last.merge(life, number, Math::max);
    }
}
