package io.fanfare.nats.internal.kept;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Finds messages that a stream has twice. NATS knows a message by its id when it is sent again, for two minutes; what it does not know
 * comes to all readers alike, behind messages that followed it (decision 0048): all nodes leave out the later
 * one, as they read the same. Not thread-safe.
 */
final class Repeats {

    /** The last ones; those of a server that was frozen are seconds old. */
    private static final int MOST = 50_000;

    private final Set<String> ids = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MOST;
        }
    });

    /** Whether a message of this id has been read before; it has been from now on. */
    boolean isRepeat(String id) {
        return !ids.add(id);
    }
}
