package io.fanfare.presence;

import io.fanfare.backplane.PresenceChange;
import io.fanfare.message.Destination;
import io.fanfare.status.PresenceStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sessions of other nodes that are present here. Any thread may call, one at a time for one node.
 */
public final class RemotePresence {

    private final Presence presence;

    /** By node, topic and session. */
    private final Map<String, Map<String, Map<String, Place>>> places = new HashMap<>();

    RemotePresence(Presence presence) {
        this.presence = presence;
    }

    /** A session of another node has come or gone; what is known already changes nothing. */
    public synchronized void apply(String node, PresenceChange change) {
        if (change.isJoin()) {
            join(node, change.topic(), change.session());
        } else {
            leave(node, change.topic(), change.session().session(), LeaveReason.named(change.leaveReason()));
        }
    }

    /** All sessions of another node, in place of those that were known. */
    public synchronized void replace(String node, List<PresenceChange> all) {
        Map<String, Set<String>> named = new HashMap<>();
        for (PresenceChange each : all) {
            named.computeIfAbsent(each.topic(), topic -> new HashSet<>())
                    .add(each.session().session());
            join(node, each.topic(), each.session());
        }
        Map<String, Map<String, Place>> known = places.getOrDefault(node, Map.of());
        for (String topic : List.copyOf(known.keySet())) {
            for (String session :
                    List.copyOf(known.getOrDefault(topic, Map.of()).keySet())) {
                if (!named.getOrDefault(topic, Set.of()).contains(session)) {
                    leave(node, topic, session, LeaveReason.LOST);
                }
            }
        }
    }

    private void join(String node, String topic, PresenceStatus who) {
        Map<String, Place> sessions =
                places.computeIfAbsent(node, n -> new HashMap<>()).computeIfAbsent(topic, t -> new HashMap<>());
        if (!sessions.containsKey(who.session()) && presence.isGathered(Destination.topic(topic))) {
            sessions.put(who.session(), enter(topic, who));
        }
        forgetEmpty(node, topic, sessions);
    }

    private Place enter(String topic, PresenceStatus who) {
        while (true) {
            Room room = presence.room(topic);
            Place place = room.joinFromElsewhere(who);
            if (place != null) {
                return place;
            }
            presence.forgetUnneeded(room);
        }
    }

    private void leave(String node, String topic, String session, LeaveReason reason) {
        Map<String, Place> sessions = places.getOrDefault(node, Map.of()).getOrDefault(topic, Map.of());
        Place place = sessions.get(session);
        if (place != null) {
            sessions.remove(session);
            // a room with a place in it does not go
            Room room = presence.room(topic);
            room.leave(place, reason);
            presence.forgetUnneeded(room);
            forgetEmpty(node, topic, sessions);
        }
    }

    private void forgetEmpty(String node, String topic, Map<String, Place> sessions) {
        Map<String, Map<String, Place>> topics = places.get(node);
        if (topics != null && sessions.isEmpty()) {
            topics.remove(topic);
            if (topics.isEmpty()) {
                places.remove(node);
            }
        }
    }
}
