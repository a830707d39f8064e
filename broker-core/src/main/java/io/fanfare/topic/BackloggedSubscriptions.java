package io.fanfare.topic;

import io.fanfare.loop.Chunk;
import io.fanfare.session.Session;
import io.fanfare.session.Subscription;
import java.util.ArrayDeque;

/**
 * One session's subscriptions whose messages wait because its socket is full; each has its backlog, and all of them share
 * what may wait for the session. Owned by the session's loop.
 */
public final class BackloggedSubscriptions {

    /** What goes into the outbox before the next part waits for it to drain. */
    private static final long PART_BYTES = 64 << 10;

    private final Session session;
    private final Backlog.Budget budget;
    private final ArrayDeque<Subscription> waiting = new ArrayDeque<>(0);

    public BackloggedSubscriptions(Session session, long maxBytes) {
        this.session = session;
        this.budget = new Backlog.Budget(maxBytes);
    }

    /** Keeps a message for later. */
    public void add(Subscription subscription, Backlog.Entry entry) {
        Backlog backlog = subscription.backlog(budget);
        if (backlog.isEmpty()) {
            waiting.add(subscription);
        }
        backlog.add(entry);
        if (backlog.isEmpty()) {
            waiting.removeLastOccurrence(subscription);
        }
        // at the end of the turn, if nothing is in the way
        session.touch();
    }

    /** Everything has left the outbox: the next messages of each follow, by turns. */
    public void flushed() {
        long sent = 0;
        while (sent < PART_BYTES && !waiting.isEmpty()) {
            Subscription subscription = waiting.remove();
            Backlog backlog = subscription.backlog(budget);
            if (!subscription.isActive()) {
                backlog.clear();
                continue;
            }
            Backlog.Entry entry = backlog.poll();
            if (entry != null) {
                Chunk chunk = session.state().messages().encode(session, entry, subscription.encoding());
                session.append(chunk, chunk.lastFrame(), chunk.length());
                sent += chunk.length() - chunk.lastFrame();
            }
            if (!backlog.isEmpty()) {
                waiting.add(subscription);
            }
        }
    }
}
