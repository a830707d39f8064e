package io.fanfare.queue;

import io.fanfare.frame.Command;
import io.fanfare.loop.BrokerClock;
import io.fanfare.loop.Outbox;
import io.fanfare.message.MessageEncoder;

/** Reads a queue for one subscription without taking anything, a part at a time. Owned by the subscription's loop. */
public final class QueueBrowser {

    /** Messages that a part looks at, and bytes after which it sends no more. */
    private static final int PART = 100;

    private static final long PART_BYTES = 1 << 20;

    private final Queue queue;
    private final QueueSubscriber subscriber;
    private final MessageEncoder encoder;
    private final BrokerClock clock;
    private final Runnable atEnd;
    private long place = -1;

    /**
     * A browser that has read nothing.
     *
     * @param clock by which messages expire
     * @param atEnd tells the client that there is no more
     */
    public QueueBrowser(
            Queue queue, QueueSubscriber subscriber, MessageEncoder encoder, BrokerClock clock, Runnable atEnd) {
        this.queue = queue;
        this.subscriber = subscriber;
        this.encoder = encoder;
        this.clock = clock;
        this.atEnd = atEnd;
    }

    public Queue queue() {
        return queue;
    }

    /** Sends the next part; false when that was the last. */
    public boolean next() {
        Outbox outbox = subscriber.outbox();
        assert outbox.loop().isCurrent();
        var part = queue.desk().browse(place, PART);
        long now = clock.uptimeMillis();
        long bytes = 0;
        for (QueueEntry entry : part) {
            if (bytes >= PART_BYTES) {
                return true;
            }
            place = entry.place();
            if (!entry.message().isExpired(now) && subscriber.filter().accepts(entry.message())) {
                bytes += entry.message().size();
                outbox.loop().counts().sent(Command.MESSAGE);
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
