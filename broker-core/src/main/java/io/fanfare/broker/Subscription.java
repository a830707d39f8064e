package io.fanfare.broker;

import org.jspecify.annotations.Nullable;

/** One SUBSCRIBE of one session, until its UNSUBSCRIBE. Owned by the session's loop. */
final class Subscription {

    private final Session session;
    private final Encoding encoding;
    private final Destination destination;
    private final AckMode ackMode;
    private final int prefetch;
    private boolean active = true;

    /** Where it stands in its topic's {@link Audience}. */
    private int place;

    /** The topic it listens to; null for a queue. */
    private @Nullable Topic topic;

    /** Its half of a queue; null for a topic whose messages it does not acknowledge. */
    private @Nullable Consumer consumer;

    Subscription(Session session, Encoding encoding, Destination destination, AckMode ackMode, int prefetch) {
        this.session = session;
        this.encoding = encoding;
        this.destination = destination;
        this.ackMode = ackMode;
        this.prefetch = prefetch;
    }

    Session session() {
        return session;
    }

    Encoding encoding() {
        return encoding;
    }

    Destination destination() {
        return destination;
    }

    AckMode ackMode() {
        return ackMode;
    }

    /** Messages it may have unsettled at a time. */
    int prefetch() {
        return prefetch;
    }

    /** Whether it still wants messages. */
    boolean isActive() {
        return active;
    }

    void end() {
        active = false;
    }

    int place() {
        return place;
    }

    void place(int index) {
        place = index;
    }

    @Nullable
    Topic topic() {
        return topic;
    }

    void topic(Topic newTopic) {
        topic = newTopic;
    }

    @Nullable
    Consumer consumer() {
        return consumer;
    }

    void consumer(Consumer newConsumer) {
        consumer = newConsumer;
    }
}
