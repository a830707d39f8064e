package io.fanfare.presence;

import io.fanfare.frame.Headers;
import io.fanfare.loop.EventLoop;
import io.fanfare.message.Encoding;
import io.fanfare.topic.Newcomers;

/**
 * Sends new subscribers of a room's presence what is there, a part in each turn; one for all that get the same. What changes
 * meanwhile waits for them. Owned by its loop.
 */
final class Snapshot {

    private static final int PART_PLACES = 100;

    /** About what a place takes in an outbox. */
    private static final int PLACE_BYTES = 256;

    private static final Headers MORE = Headers.EMPTY;
    private static final Headers LAST = Headers.of("snapshot", "end");

    private final Snapshots owner;
    private final View view;
    private final Encoding encoding;
    private final Newcomers newcomers;
    private final EventLoop loop;
    private int slot;
    private int sent;

    Snapshot(Snapshots owner, View view, Encoding encoding) {
        this.owner = owner;
        this.view = view;
        this.encoding = encoding;
        this.newcomers = new Newcomers(owner.loop(), encoding);
        this.loop = owner.loop().loop();
    }

    boolean isSame(View otherView, Encoding otherEncoding) {
        return view.isSame(otherView) && encoding.equals(otherEncoding);
    }

    boolean isSame(Snapshot other) {
        return isSame(other.view, other.encoding);
    }

    /** One more, before it has begun. */
    void add(Newcomers.Newcomer newcomer) {
        newcomers.add(newcomer);
    }

    private Snapshot split(Newcomers.Newcomer newcomer) {
        Snapshot alone = new Snapshot(owner, view, encoding);
        alone.add(newcomer);
        alone.slot = slot;
        alone.sent = sent;
        return alone;
    }

    /**
     * Sends the next part.
     *
     * @return whether there is more to do in the next turn
     */
    boolean run(int steps) {
        for (int left = steps; left > 0; ) {
            if (!newcomers.makeRoom(newcomer -> split(newcomer)::run)) {
                owner.ended(this);
                return false;
            }
            int part = (int) Math.min(PART_PLACES, newcomers.partBytes() / PLACE_BYTES);
            boolean isLast = view.countOnly() ? sendCount() : sendPlaces(slot + part);
            newcomers.give();
            // here, and not at the end of the turn: the writes are the greater part of this work
            loop.flushNow();
            if (isLast) {
                newcomers.goLive();
                owner.ended(this);
                return false;
            }
            left -= part + newcomers.steps((long) part * PLACE_BYTES);
        }
        return true;
    }

    private boolean sendCount() {
        newcomers.encode(view.room().count(view.count()), LAST);
        return true;
    }

    /** Sends the places up to a slot; whether these were the last ones. */
    private boolean sendPlaces(int end) {
        int count = view.roster().count();
        if (count == 0) {
            newcomers.tellEnd();
            return true;
        }
        while (sent < count && slot < end) {
            Place place = view.roster().get(slot++);
            if (place != null) {
                sent++;
                newcomers.encode(view.room().here(place), sent == count ? LAST : MORE);
            }
        }
        return sent == count;
    }
}
