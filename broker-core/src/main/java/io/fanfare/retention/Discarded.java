package io.fanfare.retention;

import java.util.ArrayDeque;

/**
 * Discarded retained values and histories, let go of a bounded number at a time: a hundred thousand messages at once would hold
 * up all loops. Guarded by the topic's lock.
 */
final class Discarded {

    /** Messages that are kept together. */
    interface Store {

        /** Lets go of the oldest; returns how many, at most so many. */
        int removeOldest(int most);

        boolean isEmpty();
    }

    private final ArrayDeque<Store> stores = new ArrayDeque<>(0);

    /** Takes a store that is not used any more. */
    void add(Store store) {
        if (!store.isEmpty()) {
            stores.add(store);
        }
    }

    boolean isEmpty() {
        return stores.isEmpty();
    }

    /** Lets go of messages; returns how many, at most so many. */
    int removeSome(int most) {
        int removed = 0;
        while (removed < most && !stores.isEmpty()) {
            Store oldest = stores.element();
            removed += oldest.removeOldest(most - removed);
            if (oldest.isEmpty()) {
                stores.remove();
            }
        }
        return removed;
    }
}
