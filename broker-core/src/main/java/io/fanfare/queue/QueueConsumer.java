package io.fanfare.queue;

import io.fanfare.loop.EventLoop;
import io.fanfare.loop.Mailbox;
import io.fanfare.message.Message;
import io.fanfare.message.MessageFilter;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Consumer of one queue: the credit and the place of one subscription. Guarded by the queue's lock; messages reach the subscription through
 * its loop's mailbox.
 */
public final class QueueConsumer implements Mailbox.Receiver {

    private final Queue queue;
    private final QueueSubscriber subscriber;
    private final EventLoop loop;
    private final MessageFilter filter;
    private int credit;

    /** Whether its queue has it among its consumers. */
    private boolean joined;

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

    int credit() {
        return credit;
    }

    boolean isJoined() {
        return joined;
    }

    /** {@link Consumers} alone calls this. */
    void join(boolean isIn) {
        joined = isIn;
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

    /**
     * How far one consumer has been asked about a queue's ready messages: about all in front of it, but for a few that have
     * come back since. Belongs to the queue's lock.
     */
    static final class Cursor {

        /** More than this come back, and the cursor goes back to the first of them. */
        private static final int MAX_BEHIND = 256;

        /** The first place that it has not been asked about. */
        private long place;

        /** Places in front of that which hold something else since it was asked. */
        private final TreeSet<Long> behind = new TreeSet<>();

        /** Whether there was more to ask about than one operation may. */
        private boolean late;

        /** Whether its consumer is there no more. */
        private boolean gone;

        /** The first place of a message that other consumers were refused because this one has its group. */
        private long reserved = Long.MAX_VALUE;

        /** The first place to ask about, where there may be a message. */
        long next() {
            return behind.isEmpty() ? place : behind.first();
        }

        /** A message has come to this place, or come back. */
        void added(long at) {
            if (at < place) {
                behind.add(at);
                if (behind.size() > MAX_BEHIND) {
                    goBack(behind.first());
                }
            }
        }

        /** There is no message in front of this place that it has not been asked about. */
        void skipTo(long at) {
            while (!behind.isEmpty() && behind.first() < at) {
                behind.pollFirst();
            }
            place = Math.max(place, at);
        }

        /** Notes that the consumer has been asked about this place, the first one. */
        void pass(long at) {
            skipTo(at + 1);
        }

        /** Notes that the consumer has to be asked again about everything from this place on. */
        void goBack(long at) {
            if (at < place) {
                place = at;
                behind.tailSet(at).clear();
            }
        }

        boolean isLate() {
            return late;
        }

        void late(boolean isLate) {
            late = isLate;
        }

        long reserved() {
            return reserved;
        }

        /** Another consumer was refused the message there. */
        void reserve(long at) {
            reserved = Math.min(reserved, at);
        }

        /** Forgets everything: the consumer has gone, and what still refers to this must not hold it. */
        void leave() {
            gone = true;
            behind.clear();
        }

        boolean hasGone() {
            return gone;
        }
    }
}
