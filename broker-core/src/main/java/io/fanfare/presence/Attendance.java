package io.fanfare.presence;

import io.fanfare.loop.EventLoop;
import io.fanfare.message.Destination;
import io.fanfare.statistics.Disconnect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The topics at which one session is present: those that its subscriptions name, as far as their presence is gathered. Owned
 * by the session's loop.
 */
public final class Attendance {

    /** Presence at one topic. */
    private static final class Seat {
        final Room room;
        final Place place;

        /** How many subscriptions name the topic. */
        int subscriptions;

        Seat(Room room, Place place) {
            this.room = room;
            this.place = place;
        }
    }

    /**
     * A place whose connection is lost.
     *
     * @param number of the loss
     */
    private record Loss(Room room, Place place, int number) {}

    private final Presence presence;
    private final Attendee attendee;
    private final EventLoop loop;

    /** Nothing is allocated for a session that is present nowhere. */
    private Map<Destination, Seat> seats = Collections.emptyMap();

    private LeaveReason reason = LeaveReason.UNSUBSCRIBED;

    /** What is left when the connection is lost, until it has not come back in time. */
    private List<Loss> losses = Collections.emptyList();

    Attendance(Presence presence, Attendee attendee, EventLoop loop) {
        this.presence = presence;
        this.attendee = attendee;
        this.loop = loop;
    }

    /** A subscription names these. */
    public void join(List<Destination> named) {
        if (presence.isOn()) {
            named.stream().filter(presence::isGathered).forEach(this::join);
        }
    }

    private void join(Destination topic) {
        if (seats.isEmpty()) {
            seats = new HashMap<>(4);
        }
        seats.computeIfAbsent(topic, this::sit).subscriptions++;
    }

    private Seat sit(Destination topic) {
        while (true) {
            Room room = presence.room(topic.name());
            Place place = room.join(attendee, presence.now());
            if (place != null) {
                return new Seat(room, place);
            }
            presence.forgetUnneeded(room);
        }
    }

    /** A subscription that named these has ended. */
    public void leave(List<Destination> named) {
        assert loop.isCurrent();
        if (!seats.isEmpty()) {
            named.forEach(this::leave);
        }
    }

    private void leave(Destination topic) {
        Seat seat = seats.get(topic);
        if (seat != null && --seat.subscriptions == 0) {
            seats.remove(topic);
            leave(seat);
        }
    }

    private void leave(Seat seat) {
        if (reason == LeaveReason.LOST
                && attendee.identity() != null
                && !presence.grace().isZero()) {
            lose(seat);
        } else {
            seat.room.leave(seat.place, reason);
            presence.forgetUnneeded(seat.room);
        }
    }

    private void lose(Seat seat) {
        if (losses.isEmpty()) {
            // outlives the loop, as the place does
            presence.loops().schedule(presence.grace(), on -> expire());
            losses = new ArrayList<>(1);
        }
        losses.add(new Loss(seat.room, seat.place, seat.room.lose(seat.place)));
    }

    private void expire() {
        for (Loss loss : losses) {
            loss.room().expire(loss.place(), loss.number());
            presence.forgetUnneeded(loss.room());
        }
        losses = Collections.emptyList();
    }

    /** The connection ends: subscriptions that end from now on do so for this reason. */
    public void ends(Disconnect why) {
        reason = LeaveReason.of(why);
    }

    /** The broker has ended the subscription: the session may not be there any more. */
    public void withdraw(List<Destination> named) {
        reason = LeaveReason.CLOSED;
        leave(named);
        reason = LeaveReason.UNSUBSCRIBED;
    }

    /**
     * Other rules say where presence is gathered.
     *
     * @param named all that the session's subscriptions name, each as often as they do
     */
    public void follow(List<Destination> named) {
        assert loop.isCurrent();
        for (Iterator<Map.Entry<Destination, Seat>> i = seats.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Destination, Seat> each = i.next();
            each.getValue().subscriptions = 0;
            if (!presence.isGathered(each.getKey())) {
                i.remove();
                each.getValue().room.leave(each.getValue().place, LeaveReason.CLOSED);
                presence.forgetUnneeded(each.getValue().room);
            }
        }
        join(named);
    }
}
