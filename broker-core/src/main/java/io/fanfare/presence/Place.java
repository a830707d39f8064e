package io.fanfare.presence;

import io.fanfare.backplane.PresenceChange;
import io.fanfare.status.PresenceStatus;
import org.jspecify.annotations.Nullable;

/**
 * The presence of one session at one topic, and of those that continue it when its connection was lost. What can change is
 * guarded by the lock of its {@link Room}.
 */
final class Place {

    /** In place of a slot: no subscriber has been told of it. */
    static final int UNTOLD = -1;

    /** Of the objects of a place, and of what refers to it. */
    private static final long OVERHEAD_BYTES = 320;

    /** Whether the session is one of another node. */
    final boolean isElsewhere;

    private final Attendee first;
    private final long number;
    private final long since;

    /** The session that has it now. */
    Attendee occupant;

    /** Where it is in the {@link Roster}; {@link #UNTOLD}. */
    int slot = UNTOLD;

    /** Cleared for good when the session has left. */
    boolean isPresent = true;

    LeaveReason reason = LeaveReason.UNSUBSCRIBED;

    /** How many times its connection has been lost. */
    int losses;

    /** Whether its connection is lost and may come back. */
    boolean isAway;

    /**
     * A place that no subscriber has been told of.
     *
     * @param number of all places of its room
     * @param since milliseconds of the epoch
     * @param isElsewhere whether the session is one of another node
     */
    Place(Attendee first, long number, long since, boolean isElsewhere) {
        this.isElsewhere = isElsewhere;
        this.first = first;
        this.occupant = first;
        this.number = number;
        this.since = since;
    }

    long number() {
        return number;
    }

    /** About what it takes to keep it. */
    long bytes() {
        return OVERHEAD_BYTES + first.bytes();
    }

    /** What other nodes are told of it: that the session has come, or why it has left. */
    PresenceChange change(String topic, @Nullable LeaveReason left) {
        return new PresenceChange(topic, status(), left == null ? null : left.toString());
    }

    /** What others see of it; any thread may ask. */
    PresenceStatus status() {
        return new PresenceStatus(first.user(), first.session(), since);
    }
}
