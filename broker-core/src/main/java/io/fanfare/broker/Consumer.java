package io.fanfare.broker;

import io.fanfare.frame.ProtocolException;

/**
 * A subscription's half in its queue. Its credit belongs to the queue's lock; messages reach the subscription through
 * its loop's mailbox.
 */
final class Consumer implements Mailbox.Receiver {

    private final Queue queue;
    private final Subscription subscription;
    private final EventLoop loop;
    private int credit;

    Consumer(Queue queue, Subscription subscription, EventLoop loop) {
        this.queue = queue;
        this.subscription = subscription;
        this.loop = loop;
        this.credit = subscription.prefetch();
    }

    Queue queue() {
        return queue;
    }

    Subscription subscription() {
        return subscription;
    }

    /** Called under the queue's lock, as are the next two. */
    boolean hasCredit() {
        return credit > 0;
    }

    void addCredit(int messages) {
        credit += messages;
    }

    void take(QueueEntry entry) {
        credit--;
        loop.post(this, entry);
    }

    /** A topic has a message for this subscription, whose queue is its own; called on its loop. */
    void feed(Message message) {
        try {
            queue.offer(message);
        } catch (ProtocolException full) {
            subscription.session().tooSlow(full.detail());
        }
    }

    @Override
    public void receive(Object[] items, int from, int to) {
        subscription.session().deliveries().receive(this, items, from, to);
        loop.flushIfLong();
    }
}
