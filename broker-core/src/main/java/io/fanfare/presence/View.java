package io.fanfare.presence;

/**
 * First messages for a new subscriber of one room's presence. Those that come between two changes get the same.
 *
 * @param countOnly whether the number alone is wanted
 * @param count what subscribers have been told of it
 */
record View(Room room, boolean countOnly, Roster roster, int count) {

    boolean isSame(View other) {
        return room == other.room
                && countOnly == other.countOnly
                && (countOnly ? count == other.count : roster == other.roster);
    }
}
