package io.fanfare.queue;

import io.fanfare.loop.Outbox;
import io.fanfare.message.MessageEncoder;

/** Reads a queue for one subscription without taking anything, a part at a time. Owned by the subscription's loop. */
public final class QueueBrowser {

    /** Messages that go into the outbox before the next part waits for it to drain. */
    private static final int PART = 100;

    private final Queue queue;
    private final QueueSubscriber subscriber;
    private final MessageEncoder encoder;
    private final Runnable atEnd;
    private long place = -1;

    /**
     * A browser that has read nothing.
     *
     * @param atEnd tells the client that there is no more
     */
    public QueueBrowser(Queue queue, QueueSubscriber subscriber, MessageEncoder encoder, Runnable atEnd) {
        this.queue = queue;
        this.subscriber = subscriber;
        this.encoder = encoder;
        this.atEnd = atEnd;
    }

    public Queue queue() {
        return queue;
    }

    public QueueSubscriber subscriber() {
        return subscriber;
    }

    /** Sends the next part; false when that was the last. */
    public boolean next() {
        if (!subscriber.isActive()) {
            return false;
        }
        Outbox outbox = subscriber.outbox();
        var part = queue.browse(place, PART);
        for (QueueEntry entry : part) {
            place = entry.place();
            if (subscriber.filter().accepts(entry.message())) {
                outbox.send(encoder.encode(outbox, entry.message(), subscriber.encoding(), entry.deliveries()));
            }
        }
        if (part.size() < PART) {
            atEnd.run();
            return false;
        }
        return true;
    }
}
