package io.fanfare.status;

import java.util.List;

/**
 * A part of a list.
 *
 * @param items of this part, in order
 * @param total how many all parts have together
 */
public record Page<T>(List<T> items, long total) {

    public Page {
        items = List.copyOf(items);
    }
}
