package io.fanfare.queue;

import java.util.TreeSet;

/**
 * How far one consumer has been asked about a queue's ready messages: about all in front of it, but for a few that have
 * come back since. Belongs to the queue's lock.
 */
final class Cursor {

    /** More than this come back, and the cursor goes back to the first of them. */
    private static final int MAX_BEHIND = 256;

    /** The first place that it has not been asked about. */
    private long place;

    /** Places in front of that which hold something else since it was asked. */
    private final TreeSet<Long> behind = new TreeSet<>();

    /** Whether there was more to ask about than one operation may. */
    private boolean late;

    /** Whether its consumer is there no more. */
    private boolean gone;

    /** The first place of a message that other consumers were refused because this one has its group. */
    private long reserved = Long.MAX_VALUE;

    /** The first place to ask about, where there may be a message. */
    long next() {
        return behind.isEmpty() ? place : behind.first();
    }

    /** A message has come to this place, or come back. */
    void added(long at) {
        if (at < place) {
            behind.add(at);
            if (behind.size() > MAX_BEHIND) {
                goBack(behind.first());
            }
        }
    }

    /** There is no message in front of this place that it has not been asked about. */
    void skipTo(long at) {
        while (!behind.isEmpty() && behind.first() < at) {
            behind.pollFirst();
        }
        place = Math.max(place, at);
    }

    /** It has been asked about this place, the first one. */
    void pass(long at) {
        skipTo(at + 1);
    }

    /** It has to be asked again about everything from this place on. */
    void goBack(long at) {
        if (at < place) {
            place = at;
            behind.tailSet(at).clear();
        }
    }

    boolean isLate() {
        return late;
    }

    void late(boolean isLate) {
        late = isLate;
    }

    long reserved() {
        return reserved;
    }

    /** Another consumer was refused the message there. */
    void reserve(long at) {
        reserved = Math.min(reserved, at);
    }

    /** Its consumer has gone; what refers to this remembers nothing of it. */
    void leave() {
        gone = true;
        behind.clear();
    }

    boolean hasGone() {
        return gone;
    }
}
