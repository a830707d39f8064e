package io.fanfare.presence;

import io.fanfare.backplane.PresenceChange;
import io.fanfare.frame.CloseCode;
import io.fanfare.frame.Limits;
import io.fanfare.frame.ProtocolException;
import io.fanfare.message.BrokerLoop;
import io.fanfare.message.Destination;
import io.fanfare.message.Message;
import io.fanfare.status.PresenceStatus;
import io.fanfare.topic.TopicSubscriber;
import io.fanfare.topic.Topics;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The presence of one topic: the places of sessions, and what subscribers have been told of them. Shared by all loops; its
 * lock gives the changes one order. They are published under it, so that a subscriber that joins under it, too, gets all
 * changes to the roster of that moment.
 */
final class Room {

    /** Changes that are told in one hold of the lock. */
    private static final int TOLD_AT_ONCE = 100;

    /** Of the objects of an empty room. */
    private static final long OVERHEAD_BYTES = 900;

    private final Presence presence;
    private final Destination destination;
    private final long number;
    private final Announcements announcements;
    private long places;

    /** Sessions that are here, also those whose connection may come back. */
    private int present;

    private final AwayPlaces away = new AwayPlaces();

    /** Places that have come or gone and that subscribers are to be told of, in this order. */
    private final Set<Place> changed = new LinkedHashSet<>(0);

    /** Those of them that have gone, by the session that had them: it may subscribe again before that is told. */
    private final Map<String, Place> leaving = new HashMap<>(0);

    /** Whether the changes will be told, or are being told. */
    private boolean isTelling;

    /** Changes that are yet to be told this time. */
    private int due;

    private Roster roster = Roster.EMPTY;
    private final BitSet slots = new BitSet();
    private int countTold;
    private int listSubscribers;
    private int countSubscribers;

    /** Set when it is not needed any more; a holder of this object must look for a new one. */
    private boolean gone;

    /**
     * An empty one.
     *
     * @param name of the topic
     * @param number no topic, queue or other room has it
     */
    Room(Presence presence, String name, long number) {
        this.presence = presence;
        this.destination = Destination.presence(name);
        this.number = number;
        this.announcements = new Announcements(destination, presence.loops().clock());
    }

    String name() {
        return destination.name();
    }

    /** About what it takes beside its places. */
    long bytes() {
        return OVERHEAD_BYTES + name().length();
    }

    // ---- sessions -------------------------------------------------------------------------------------------------

    /**
     * A session joins: in the place of a lost one that it continues, if there is one.
     *
     * @return null when the room has gone in the meantime and a new one is needed
     */
    synchronized @Nullable Place join(Attendee attendee, long now) {
        if (gone) {
            return null;
        }
        Place place = continued(attendee);
        if (place == null) {
            place = newPlace(attendee, now, false);
            tellElsewhere(place, null);
        }
        return place;
    }

    private Place newPlace(Attendee attendee, long since, boolean isElsewhere) {
        Place place = new Place(attendee, ++places, since, isElsewhere);
        enter(place);
        changed.add(place);
        expectTelling();
        return place;
    }

    /**
     * A session of another node joins.
     *
     * @return null when the room has gone in the meantime and a new one is needed
     */
    synchronized @Nullable Place joinFromElsewhere(PresenceStatus who) {
        if (gone) {
            return null;
        }
        Place left = leaving.get(who.session());
        return left != null && left.isElsewhere
                ? stays(left)
                : newPlace(new Attendee(who.user(), who.session(), null), who.since(), true);
    }

    /** Tells other nodes of a session of this one. */
    private void tellElsewhere(Place place, @Nullable LeaveReason reason) {
        if (!place.isElsewhere) {
            presence.tellElsewhere(place.change(name(), reason));
        }
    }

    /** The sessions of this node that are present. */
    synchronized List<PresenceChange> own() {
        return Stream.concat(roster.places(), changed.stream())
                .filter(place -> place.isPresent && !place.isElsewhere)
                .distinct()
                .map(place -> place.change(name(), null))
                .toList();
    }

    private @Nullable Place continued(Attendee attendee) {
        Place left = leaving.get(attendee.session());
        if (left != null) {
            tellElsewhere(left, null);
            return stays(left);
        }
        return away.takenBy(attendee);
    }

    /** A place was left, and that has not been told yet. */
    private Place stays(Place left) {
        leaving.remove(left.occupant.session());
        changed.remove(left);
        left.isPresent = true;
        enter(left);
        return left;
    }

    private void enter(Place place) {
        present++;
        presence.memory().hold(place.bytes());
    }

    /** A session leaves its place. */
    synchronized void leave(Place place, LeaveReason reason) {
        away.remove(place);
        present--;
        presence.memory().hold(-place.bytes());
        place.isPresent = false;
        place.reason = reason;
        tellElsewhere(place, reason);
        if (place.slot == Place.UNTOLD) {
            // it has come and gone, and nothing has been told
            changed.remove(place);
        } else {
            changed.add(place);
            leaving.put(place.occupant.session(), place);
        }
        expectTelling();
    }

    /**
     * The connection of a place is lost, and may come back.
     *
     * @return the number of the loss, for {@link #expire}
     */
    synchronized int lose(Place place) {
        return away.add(place);
    }

    /** A connection that was lost has not come back in time; nothing happens when it has. */
    synchronized void expire(Place place, int loss) {
        if (place.isAway && place.losses == loss) {
            leave(place, LeaveReason.LOST);
        }
    }

    /** Lost connections do not come back; and where no session and no subscriber is left, there is nothing to tell. */
    synchronized void clear() {
        away.all().forEach(place -> leave(place, LeaveReason.LOST));
        if (present == 0 && listSubscribers + countSubscribers == 0) {
            changed.clear();
            leaving.clear();
            isTelling = false;
        }
    }

    // ---- changes --------------------------------------------------------------------------------------------------

    private void expectTelling() {
        if (!isTelling && !changed.isEmpty()) {
            isTelling = true;
            presence.loops().schedule(Presence.GATHERING, loop -> {
                begin();
                presence.loops().executeInParts(this::tell);
            });
        }
    }

    private synchronized void begin() {
        due = changed.size();
    }

    /** Tells subscribers what has changed; whether there is more to tell in the next turn. */
    private boolean tell(int steps) {
        for (int left = steps; left > 0; left -= TOLD_AT_ONCE) {
            if (!tellSome(Math.min(left, TOLD_AT_ONCE))) {
                presence.forgetUnneeded(this);
                return false;
            }
        }
        return true;
    }

    private synchronized boolean tellSome(int most) {
        Iterator<Place> next = changed.iterator();
        for (int i = 0; i < most && due > 0 && next.hasNext(); i++) {
            Place place = next.next();
            next.remove();
            due--;
            tell(place);
        }
        if (due > 0 && !changed.isEmpty()) {
            return true;
        }
        if (countTold != roster.count()) {
            countTold = roster.count();
            if (countSubscribers > 0) {
                publish(announcements.count(countTold));
            }
        }
        isTelling = false;
        expectTelling();
        return false;
    }

    private void tell(Place place) {
        if (place.isPresent) {
            place.slot = slots.nextClearBit(0);
            slots.set(place.slot);
            roster = roster.with(place.slot, place);
        } else {
            leaving.remove(place.occupant.session(), place);
            slots.clear(place.slot);
            roster = roster.without(place.slot);
        }
        if (listSubscribers > 0) {
            publish(
                    place.isPresent
                            ? announcements.join(place.status())
                            : announcements.leave(place.status(), place.reason));
        }
    }

    private void publish(Message message) {
        presence.topics().publish(destination, List.of(message), Topics.Checks.DUE);
    }

    // ---- subscribers ----------------------------------------------------------------------------------------------

    /**
     * Has a subscription get all changes from now on, behind the view of this moment.
     *
     * @return null when the room has gone in the meantime and a new one is needed
     * @throws ProtocolException when too many are present to list them, or the broker has too many destinations
     */
    synchronized @Nullable View subscribe(TopicSubscriber subscriber, boolean countOnly, BrokerLoop loop) {
        if (gone) {
            return null;
        }
        if (!countOnly && roster.count() > presence.maxMembers()) {
            throw new ProtocolException(
                    "too many present",
                    Limits.exceeded(
                                    "%,d sessions are present at this topic",
                                    roster.count(), presence.maxMembers(), "max_presence_members")
                            + "; a SUBSCRIBE with presence:count gets their number",
                    CloseCode.POLICY);
        }
        subscriber.backlogs().hold(subscriber);
        presence.topics().add(destination, subscriber, loop);
        addSubscribers(countOnly, 1);
        return new View(this, countOnly, roster, countTold);
    }

    synchronized void unsubscribe(boolean countOnly) {
        addSubscribers(countOnly, -1);
    }

    private void addSubscribers(boolean countOnly, int more) {
        if (countOnly) {
            countSubscribers += more;
        } else {
            listSubscribers += more;
        }
    }

    /** Whether it has gone: no session is here, no subscriber asks, and there is nothing to tell. */
    synchronized boolean isGone() {
        gone |= present == 0 && listSubscribers + countSubscribers == 0 && !isTelling;
        return gone;
    }

    /** What subscribers have been told by now. */
    synchronized Roster roster() {
        return roster;
    }

    /** The message that tells a new subscriber of a place. */
    Message here(Place place) {
        Message message = announcements.here(place.status());
        message.place(number, place.number());
        return message;
    }

    /** The message that tells a new subscriber how many are present. */
    Message count(int present) {
        Message message = announcements.count(present);
        message.place(number, 0);
        return message;
    }
}
