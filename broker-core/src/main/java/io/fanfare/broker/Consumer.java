package io.fanfare.broker;

import org.jspecify.annotations.Nullable;

/**
 * A subscription's half in a queue. What is in here belongs to the queue's lock; messages reach the subscription through
 * its loop's mailbox.
 */
final class Consumer implements Mailbox.Receiver {

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
    Consumer(Queue queue, Subscription subscription, EventLoop loop, MessageFilter filter) {
        this.queue = queue;
        this.subscription = subscription;
        this.loop = loop;
        this.filter = filter;
        this.credit = subscription.options().prefetch();
    }

    Queue queue() {
        return queue;
    }

    Subscription subscription() {
        return subscription;
    }

    boolean isExclusive() {
        return subscription.options().exclusive();
    }

    int priority() {
        return subscription.options().priority();
    }

    boolean hasFilter() {
        return !filter.isAll();
    }

    boolean accepts(Message message) {
        return filter.accepts(message);
    }

    boolean hasCredit() {
        return credit > 0;
    }

    void addCredit(int messages) {
        credit += messages;
    }

    long unseen() {
        return unseen;
    }

    void unseen(long place) {
        unseen = place;
    }

    /** Whether it should be served before the other. */
    boolean isBefore(@Nullable Consumer other) {
        if (other == null || priority() != other.priority()) {
            return other == null || priority() > other.priority();
        }
        return served < other.served;
    }

    void take(QueueEntry entry, long count) {
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
