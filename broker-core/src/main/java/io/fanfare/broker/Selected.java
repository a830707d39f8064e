package io.fanfare.broker;

import io.fanfare.status.Page;
import io.fanfare.status.Selection;
import java.util.Collection;
import java.util.List;
import java.util.PriorityQueue;

/** Collects what a selection wants of a list, in whatever order it comes, and keeps no more than that. Not thread-safe. */
final class Selected<T> {

    private final Selection<T> selection;
    private final int reach;

    /** The first ones so far, the last of them on top. */
    private final PriorityQueue<T> first;

    private long total;

    Selected(Selection<T> selection) {
        this.selection = selection;
        this.reach = selection.offset() + selection.limit();
        this.first = new PriorityQueue<>(selection.order().reversed());
    }

    void add(T item) {
        if (selection.filter().test(item)) {
            total++;
            keep(item);
        }
    }

    private void keep(T item) {
        if (first.size() < reach) {
            first.add(item);
        } else if (reach > 0 && selection.order().compare(item, first.element()) < 0) {
            first.remove();
            first.add(item);
        }
    }

    /** The page that all of these have together. */
    static <T> Page<T> page(Selection<T> selection, Collection<Selected<T>> parts) {
        Selected<T> all = new Selected<>(selection);
        for (Selected<T> part : parts) {
            all.total += part.total;
            part.first.forEach(all::keep);
        }
        List<T> items = all.first.stream()
                .sorted(selection.order())
                .skip(selection.offset())
                .toList();
        return new Page<>(items, all.total);
    }
}
