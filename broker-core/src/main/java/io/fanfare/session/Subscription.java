package io.fanfare.session;

import io.fanfare.message.Encoding;
import io.fanfare.message.MessageFilter;
import io.fanfare.queue.Unsettled;
import io.fanfare.topic.Backlog;
import io.fanfare.topic.DeliveryPolicy;
import io.fanfare.topic.Overflow;
import io.fanfare.topic.TopicMember;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One SUBSCRIBE of one session, until its UNSUBSCRIBE. Owned by the session's loop. */
public final class Subscription implements TopicMember {

    private final Session session;
    private final Encoding encoding;
    private final SubscribeOptions options;
    private final MessageFilter filter;
    private boolean active = true;

    /** How to take it out of each of its destinations again. */
    private final List<Runnable> bindings = new ArrayList<>(1);

    /** What waits for an ACK, in the order of delivery; settled ones may linger until they are the first. */
    private final ArrayDeque<Unsettled> unsettled = new ArrayDeque<>(0);

    /** What waits until the connection can take it; made when there is something. */
    private @Nullable Backlog backlog;

    public Subscription(Session session, Encoding encoding, SubscribeOptions options) {
        this.session = session;
        this.encoding = encoding;
        this.options = options;
        this.filter = MessageFilter.of(options, session);
    }

    public Session session() {
        return session;
    }

    public Encoding encoding() {
        return encoding;
    }

    public SubscribeOptions options() {
        return options;
    }

    @Override
    public MessageFilter filter() {
        return filter;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    public ArrayDeque<Unsettled> unsettled() {
        return unsettled;
    }

    /** Whether a message can't go out as it is: the socket is full, earlier ones wait, or have been dropped. */
    public boolean mustWait() {
        return session.isBlocked() || (backlog != null && !backlog.isIdle());
    }

    public Backlog backlog(Backlog.Budget budget) {
        if (backlog == null) {
            DeliveryPolicy pacing = options.pacing();
            backlog = new Backlog(pacing, pacing.overflow() == Overflow.CONFLATE, budget);
        }
        return backlog;
    }

    /** Remembers how to undo one of the things that were done for it. */
    public void bind(Runnable undo) {
        bindings.add(undo);
    }

    /** Takes it out of its destinations; no message reaches it any more. */
    public void end() {
        active = false;
        bindings.forEach(Runnable::run);
        bindings.clear();
    }
}
