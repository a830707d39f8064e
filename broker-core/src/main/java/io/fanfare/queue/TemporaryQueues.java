package io.fanfare.queue;

import io.fanfare.frame.ProtocolException;
import io.fanfare.message.Destination;
import io.fanfare.quota.DestinationQuota;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The temporary queues of each connected session, by the session's id. Any thread may call. */
final class TemporaryQueues {

    /** What one session has; changed while the map holds its entry. */
    private static final class Owned {
        private final DestinationQuota quota;

        /** Most sessions have none. */
        private Set<Destination> queues = Set.of();

        private Owned(DestinationQuota quota) {
            this.quota = quota;
        }
    }

    private final Map<String, Owned> bySession = new ConcurrentHashMap<>();

    /**
     * A session may have temporary queues from now on.
     *
     * @param quota that they count against, whichever client sends to them first
     */
    void connected(String session, DestinationQuota quota) {
        bySession.put(session, new Owned(quota));
    }

    /** The session's temporary queues, which it has no more. */
    List<Destination> disconnected(String session) {
        Owned owned = bySession.remove(session);
        return owned == null ? List.of() : List.copyOf(owned.queues);
    }

    /**
     * What a queue counts against: a temporary one against its owner's, whichever client sends there first.
     *
     * @param founder the quota of any other queue; null: none
     * @return null when there is none, or the owner has gone
     */
    @Nullable
    DestinationQuota quota(Destination destination, @Nullable DestinationQuota founder) {
        String session = destination.temporaryOwner();
        if (session == null) {
            return founder;
        }
        Owned owned = bySession.get(session);
        return owned == null ? null : owned.quota;
    }

    /**
     * Adds a queue, which goes with its session if it is temporary.
     *
     * @param quota that it counts against; null: none
     * @return false when that session has gone already
     * @throws ProtocolException when the quota is used up
     */
    boolean add(Destination destination, @Nullable DestinationQuota quota) {
        if (quota != null) {
            quota.add(1);
        }
        String session = destination.temporaryOwner();
        if (session == null) {
            return true;
        }
        Owned all = bySession.computeIfPresent(session, (id, owned) -> {
            if (owned.queues.isEmpty()) {
                owned.queues = new HashSet<>(2);
            }
            owned.queues.add(destination);
            return owned;
        });
        if (all == null && quota != null) {
            quota.remove(1);
        }
        return all != null;
    }

    void remove(Destination destination) {
        String session = destination.temporaryOwner();
        if (session != null) {
            bySession.computeIfPresent(session, (id, owned) -> {
                if (!owned.queues.isEmpty()) {
                    owned.queues.remove(destination);
                }
                return owned;
            });
        }
    }
}
