package io.fanfare.presence;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Places of one room whose connection is lost and may come back. Guarded by the room's lock. */
final class AwayPlaces {

    /** The one that was lost first in front. */
    private final Map<Attendee.Identity, ArrayDeque<Place>> away = new HashMap<>(0);

    /**
     * The connection of a place is lost.
     *
     * @return the number of the loss
     */
    int add(Place place) {
        Attendee.Identity identity = place.occupant.identity();
        if (identity == null) {
            throw new IllegalStateException("a client that can't be known again does not come back");
        }
        place.isAway = true;
        away.computeIfAbsent(identity, i -> new ArrayDeque<>(1)).add(place);
        return ++place.losses;
    }

    /** A place that a session continues, which is not away any more then; null: there is none. */
    @Nullable
    Place takenBy(Attendee attendee) {
        Attendee.Identity identity = attendee.identity();
        ArrayDeque<Place> lost = identity == null ? null : away.get(identity);
        if (lost == null) {
            return null;
        }
        Place place = lost.element();
        remove(place);
        place.occupant = attendee;
        return place;
    }

    /** A place's connection is not away any more, if it was: it has come back, or does not. */
    void remove(Place place) {
        Attendee.Identity identity = place.occupant.identity();
        ArrayDeque<Place> lost = away.get(identity);
        if (place.isAway && lost != null) {
            place.isAway = false;
            lost.remove(place);
            if (lost.isEmpty()) {
                away.remove(identity);
            }
        }
    }

    List<Place> all() {
        return away.values().stream().flatMap(ArrayDeque::stream).toList();
    }
}
