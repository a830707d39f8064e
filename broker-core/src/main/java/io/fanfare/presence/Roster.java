package io.fanfare.presence;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The places that subscribers have been told of at one moment. Immutable: a change makes another one that shares all but one
 * part with it, so that a snapshot of any size takes one step.
 */
final class Roster {

    static final Roster EMPTY = new Roster(new @Nullable Place[0][], 0);

    private static final int PART = 64;

    private final @Nullable Place[][] parts;
    private final int count;

    private Roster(@Nullable Place[][] parts, int count) {
        this.parts = parts;
        this.count = count;
    }

    int count() {
        return count;
    }

    /** Slots that there may be places in. */
    int slots() {
        return parts.length * PART;
    }

    /** The place in a slot; null: it is free. */
    @Nullable
    Place get(int slot) {
        return parts[slot / PART][slot % PART];
    }

    /** All places, in the order of their slots. */
    Stream<Place> places() {
        return IntStream.range(0, slots()).mapToObj(this::get).filter(place -> place != null);
    }

    /** The same with a place in a free slot. */
    Roster with(int slot, Place place) {
        return changed(slot, place, count + 1);
    }

    /** The same with this slot free. */
    Roster without(int slot) {
        return count == 1 ? EMPTY : changed(slot, null, count - 1);
    }

    private Roster changed(int slot, @Nullable Place place, int newCount) {
        int part = slot / PART;
        @Nullable Place[][] changed = Arrays.copyOf(parts, Math.max(parts.length, part + 1));
        for (int i = parts.length; i < changed.length; i++) {
            changed[i] = new Place[PART];
        }
        changed[part] = Arrays.copyOf(changed[part], PART);
        changed[part][slot % PART] = place;
        return new Roster(changed, newCount);
    }
}
