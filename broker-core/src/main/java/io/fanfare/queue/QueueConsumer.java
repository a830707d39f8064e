package io.fanfare.queue;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import org.jspecify.annotations.Nullable;

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

    /** Where it waits for its turn, and between which; null: it has no credit or has left. */
    private Turns.@Nullable Line line;

    private @Nullable QueueConsumer previous;
    private @Nullable QueueConsumer next;

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

    Turns.@Nullable Line line() {
        return line;
    }

    @Nullable
    QueueConsumer previous() {
        return previous;
    }

    @Nullable
    QueueConsumer next() {
        return next;
    }

    /** {@link Turns} alone calls this, and the next two. */
    void turn(Turns.@Nullable Line in, @Nullable QueueConsumer behind, @Nullable QueueConsumer before) {
        line = in;
        previous = behind;
        next = before;
    }

    void previous(@Nullable QueueConsumer consumer) {
        previous = consumer;
    }

    void next(@Nullable QueueConsumer consumer) {
        next = consumer;
    }

    /** What it has been asked about. */
    Cursor cursor() {
        return cursor;
    }

    void take(QueueEntry entry) {
        credit--;
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
