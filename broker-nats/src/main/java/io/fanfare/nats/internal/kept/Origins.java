package io.fanfare.nats.internal.kept;

import io.fanfare.message.Sender;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this node whose messages have not come back from their stream yet: when they do, they are these connections' own
 * ({@code no-local}). Any thread may call.
 */
final class Origins {

    /** Messages that are remembered; those that never come are forgotten behind so many others. */
    private static final int MAX_REMEMBERED = 100_000;

    private final Map<String, Sender> byId = new LinkedHashMap<>();

    /** A connection's message goes to its stream. */
    synchronized void goes(String id, Sender sender) {
        byId.put(id, sender);
        if (byId.size() > MAX_REMEMBERED) {
            byId.remove(byId.keySet().iterator().next());
        }
    }

    /** The connection that has sent a message which has come back; null: none of this node, as far as is known. */
    synchronized @Nullable Sender comesBack(String id) {
        return byId.remove(id);
    }
}
