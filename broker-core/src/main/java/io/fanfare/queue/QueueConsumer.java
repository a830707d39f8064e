package io.fanfare.queue;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;

/**
 * A subscription's half in a queue. What is in here belongs to the queue's lock; messages reach the subscription through
 * its loop's mailbox.
 */
public final class QueueConsumer implements Mailbox.Receiver {

    private final Queue queue;
    private final QueueSubscriber subscriber;
    private final EventLoop loop;
    private final MessageFilter filter;
    private int credit;

    /** When it was served last, in the queue's count. */
    private long served;

    /** Tells it from the queue's other consumers; grows with each. */
    private long number;

    private final Cursor cursor = new Cursor();

    /** A consumer with its subscription's options. */
    public QueueConsumer(Queue queue, QueueSubscriber subscriber, MessageFilter filter) {
        this.queue = queue;
        this.subscriber = subscriber;
        this.loop = subscriber.outbox().loop();
        this.filter = filter;
        this.credit = subscriber.consumerOptions().prefetch();
    }

    public Queue queue() {
        return queue;
    }

    public QueueSubscriber subscriber() {
        return subscriber;
    }

    boolean isExclusive() {
        return subscriber.consumerOptions().exclusive();
    }

    public int priority() {
        return subscriber.consumerOptions().priority();
    }

    boolean hasFilter() {
        return !filter.isAll();
    }

    public boolean accepts(Message message) {
        return filter.accepts(message);
    }

    public boolean hasCredit() {
        return credit > 0;
    }

    void addCredit(int messages) {
        credit += messages;
    }

    long served() {
        return served;
    }

    long number() {
        return number;
    }

    void number(long newNumber) {
        number = newNumber;
    }

    /** What it has been asked about. */
    Cursor cursor() {
        return cursor;
    }

    void take(QueueEntry entry, long count) {
        credit--;
        served = count;
        // its queue counts it until it is settled
        loop.post(this, entry, 0);
    }

    EventLoop loop() {
        return loop;
    }

    @Override
    public void receive(Object[] items, int from, int to) {
        subscriber.deliveries().receive(this, items, from, to);
        loop.flushIfLong();
    }
}
