package io.fanfare.queue;

import io.fanfare.message.Destination;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The temporary queues of each connected session, by the session's id. Any thread may call. */
final class TemporaryQueues {

    private final Map<String, Set<Destination>> bySession = new ConcurrentHashMap<>();

    void connected(String session) {
        bySession.put(session, Set.of());
    }

    /** The session's temporary queues, which it has no more. */
    List<Destination> disconnected(String session) {
        Set<Destination> all = bySession.remove(session);
        return all == null ? List.of() : List.copyOf(all);
    }

    /** Adds a queue, which goes with its session if it is temporary; false when that session has gone already. */
    boolean add(Destination destination) {
        String session = destination.temporaryOwner();
        if (session == null) {
            return true;
        }
        Set<Destination> all = bySession.computeIfPresent(session, (id, queues) -> {
            // most sessions have none
            Set<Destination> more = queues.isEmpty() ? new HashSet<>(2) : queues;
            more.add(destination);
            return more;
        });
        return all != null;
    }

    void remove(Destination destination) {
        String session = destination.temporaryOwner();
        if (session != null) {
            bySession.computeIfPresent(session, (id, queues) -> {
                if (!queues.isEmpty()) {
                    queues.remove(destination);
                }
                return queues;
            });
        }
    }
}
