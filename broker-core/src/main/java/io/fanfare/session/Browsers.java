package io.fanfare.session;

import io.fanfare.loop.Outbox;
import io.fanfare.queue.QueueBrowser;
import io.fanfare.queue.Queues;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * One session's queue browsers, which go on one after the other, a part at a time, as long as the socket is not full. Those of
 * all sessions of a loop share its {@link io.fanfare.loop.LongJobs}.
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
        assert outbox.loop().isCurrent();
        waiting.add(browser);
        drained();
    }

    /** Removes a browser whose subscription has ended, or that has read everything. */
    void remove(QueueBrowser browser) {
        assert outbox.loop().isCurrent();
        if (waiting.remove(browser)) {
            queues.collect(browser.queue());
        }
    }

    /** Everything has left the outbox: the next part follows in the next turn. */
    void drained() {
        assert outbox.loop().isCurrent();
        if (!waiting.isEmpty() && !scheduled) {
            scheduled = true;
            outbox.loop().startInParts(this::goOn);
        }
    }

    /** Reads one part; the flush that follows tells when another has room, also after a part that wrote nothing. */
    private boolean goOn(int steps) {
        scheduled = false;
        // a full socket says when it has room
        if (waiting.isEmpty() || outbox.isBlocked() || !outbox.hasRoom()) {
            return false;
        }
        QueueBrowser browser = waiting.iterator().next();
        if (!browser.next()) {
            remove(browser);
        }
        outbox.touch();
        return false;
    }
}
