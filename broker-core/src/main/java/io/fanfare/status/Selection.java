package io.fanfare.status;

import java.util.Comparator;
import java.util.function.Predicate;

/**
 * The part of a list that is wanted.
 *
 * @param filter which items count; several threads ask it
 * @param order of the list; must tell all items apart
 * @param offset items in front of the part
 * @param limit the most that the part may have
 */
public record Selection<T>(Predicate<T> filter, Comparator<T> order, int offset, int limit) {

    /** The most that stand in front of a part and in it: all of them are kept while it is looked for. */
    public static final int MAX_REACH = 20_000;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException when one is negative, or their sum is more than {@link #MAX_REACH}
     */
    public Selection {
        if (offset < 0 || limit < 0 || (long) offset + limit > MAX_REACH) {
            throw new IllegalArgumentException("offset and limit are 0 or more, and together at most " + MAX_REACH);
        }
    }
}
