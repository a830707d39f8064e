package io.fanfare.presence;

/**
 * First messages for a new subscriber of one room's presence. Those that come between two changes get the same: equal views.
 *
 * @param countOnly whether the number alone is wanted
 * @param count what subscribers have been told of it
 */
record View(Room room, boolean countOnly, Roster roster, int count) {

    @Override
    public boolean equals(Object other) {
        return other instanceof View that
                && room == that.room
                && countOnly == that.countOnly
                && (countOnly ? count == that.count : roster == that.roster);
    }

    @Override
    public int hashCode() {
        return 31 * System.identityHashCode(room) + (countOnly ? count : System.identityHashCode(roster));
    }
}
