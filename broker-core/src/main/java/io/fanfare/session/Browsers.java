package io.fanfare.session;

import io.fanfare.loop.Outbox;
import io.fanfare.queue.QueueBrowser;
import io.fanfare.queue.Queues;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One session's queue browsers, which go on one after the other: one part in each turn, as long as the socket is not full.
 * Owned by the session's loop.
 */
final class Browsers {

    private final Queues queues;
    private final Outbox outbox;
    private final Set<QueueBrowser> waiting = new LinkedHashSet<>(0);

    /** Whether the next part has been handed to another turn. */
    private boolean scheduled;

    Browsers(Queues queues, Outbox outbox) {
        this.queues = queues;
        this.outbox = outbox;
    }

    void add(QueueBrowser browser) {
        waiting.add(browser);
        drained();
    }

    /** Its subscription has ended, or it has read everything. */
    void remove(QueueBrowser browser) {
        if (waiting.remove(browser)) {
            queues.collect(browser.queue());
        }
    }

    /** Everything has left the outbox: the next part follows in the next turn. */
    void drained() {
        if (!waiting.isEmpty() && !scheduled) {
            scheduled = true;
            outbox.loop().execute(this::goOn);
        }
    }

    private void goOn() {
        scheduled = false;
        // a full socket says when it has room
        if (waiting.isEmpty() || outbox.isBlocked() || !outbox.hasRoom()) {
            return;
        }
        QueueBrowser browser = waiting.iterator().next();
        if (!browser.next()) {
            remove(browser);
        }
        // also after a part of which the selector wanted nothing
        outbox.touch();
    }

    void endAll() {
        waiting.forEach(browser -> queues.collect(browser.queue()));
        waiting.clear();
    }
}
