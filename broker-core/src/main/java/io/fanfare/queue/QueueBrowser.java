package io.fanfare.queue;

import io.fanfare.loop.Chunk;
import io.fanfare.session.Replies;
import io.fanfare.session.Session;
import io.fanfare.session.Subscription;

/** Reads a queue for one subscription without taking anything, a part at a time. Owned by the session's loop. */
public final class QueueBrowser {

    /** What goes into the outbox before the next part waits for it to drain. */
    private static final int PART = 100;

    private final Session session;
    private final Queue queue;
    private final Subscription subscription;
    private final String destination;
    private long place = -1;

    public QueueBrowser(Session session, Queue queue, Subscription subscription, String destination) {
        this.session = session;
        this.queue = queue;
        this.subscription = subscription;
        this.destination = destination;
    }

    public Queue queue() {
        return queue;
    }

    /** Sends the next part; false when that was the last. */
    public boolean next(Replies replies) {
        if (!subscription.isActive()) {
            return false;
        }
        var part = queue.browse(place, PART);
        for (QueueEntry entry : part) {
            place = entry.place();
            if (!subscription.filter().accepts(entry.message())) {
                continue;
            }
            Chunk chunk = session.state()
                    .messages()
                    .encode(session, entry.message(), subscription.encoding(), null, entry.deliveries());
            session.append(chunk, chunk.lastFrame(), chunk.length());
        }
        if (part.size() < PART) {
            replies.browserEnd(subscription.encoding(), destination);
            return false;
        }
        return true;
    }
}
