package io.fanfare.queue;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import io.fanfare.session.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's half in a queue. What is in here belongs to the queue's lock; messages reach the subscription through
 * its loop's mailbox.
 */
public final class QueueConsumer implements Mailbox.Receiver {

    private final Queue queue;
    private final Subscription subscription;
    private final EventLoop loop;
    private final MessageFilter filter;
    private int credit;

    /** When it was served last, in the queue's count. */
    private long served;

    /** The first place that may hold something it has not been asked about. */
    private long unseen;

    /** Creates one with a subscription's options. */
    public QueueConsumer(Queue queue, Subscription subscription, EventLoop loop, MessageFilter filter) {
        this.queue = queue;
        this.subscription = subscription;
        this.loop = loop;
        this.filter = filter;
        this.credit = subscription.options().prefetch();
    }

    public Queue queue() {
        return queue;
    }

    public Subscription subscription() {
        return subscription;
    }

    public boolean isExclusive() {
        return subscription.options().exclusive();
    }

    public int priority() {
        return subscription.options().priority();
    }

    public boolean hasFilter() {
        return !filter.isAll();
    }

    public boolean accepts(Message message) {
        return filter.accepts(message);
    }

    public boolean hasCredit() {
        return credit > 0;
    }

    public void addCredit(int messages) {
        credit += messages;
    }

    public long unseen() {
        return unseen;
    }

    public void unseen(long place) {
        unseen = place;
    }

    /** Whether it should be served before the other. */
    public boolean isBefore(@Nullable QueueConsumer other) {
        if (other == null || priority() != other.priority()) {
            return other == null || priority() > other.priority();
        }
        return served < other.served;
    }

    public void take(QueueEntry entry, long count) {
        credit--;
        served = count;
        loop.post(this, entry);
    }

    @Override
    public void receive(Object[] items, int from, int to) {
        subscription.session().deliveries().receive(this, items, from, to);
        loop.flushIfLong();
    }
}
