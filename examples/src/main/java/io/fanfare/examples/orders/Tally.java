package io.fanfare.examples.orders;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Record of what has become of each order: open, settled or dead. An order that is lost stays open, and one that is
 * settled a second time is noticed. Safe for use by several threads.
 */
final class Tally {

    /** Settled and dead orders that are remembered, the last ones. */
    private static final int MAX_REMEMBERED = 100_000;

    // guarded by this
    /** No more than the queue, the workers and the dead letters hold together. */
    private final Set<String> open = new HashSet<>();

    private final Set<String> doneIds = remembered();
    private final Set<String> deadIds = remembered();
    private int placed;
    private int repeats;
    private int taken;
    private int redelivered;
    private int failed;
    private int done;
    private int dead;
    private int twice;
    private Shop shop = Shop.CLOSED;

    synchronized void shop(Shop now) {
        shop = now;
    }

    /** An order is about to be sent; one that is sent again may be settled already. */
    synchronized void placing(String order) {
        if (!doneIds.contains(order) && !deadIds.contains(order)) {
            open.add(order);
        }
    }

    /** The broker has confirmed an order. */
    synchronized void placed(boolean isRepeat) {
        placed++;
        if (isRepeat) {
            repeats++;
        }
    }

    synchronized void taken(boolean isAgain) {
        taken++;
        if (isAgain) {
            redelivered++;
        }
    }

    synchronized void failed() {
        failed++;
    }

    synchronized void done(String order) {
        if (!doneIds.add(order)) {
            twice++;
            return;
        }
        done++;
        open.remove(order);
        if (deadIds.remove(order)) {
            // an operator has moved it back
            dead--;
        }
    }

    synchronized void dead(String order) {
        if (!doneIds.contains(order) && deadIds.add(order)) {
            dead++;
            open.remove(order);
        }
    }

    synchronized Counts counts() {
        return new Counts(shop, placed, repeats, taken, redelivered, failed, done, dead, open.size(), twice);
    }

    private static Set<String> remembered() {
        return Collections.newSetFromMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > MAX_REMEMBERED;
            }
        });
    }
}
