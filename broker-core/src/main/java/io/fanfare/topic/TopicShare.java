package io.fanfare.topic;

/** What one topic knows of a loop that has subscribers. Guarded by the topic's lock. */
final class TopicShare {
    final Fanout fanout;

    /** Members that named the topic itself. */
    int named;

    /** Subscriptions to patterns that match the name, as the index knew them. */
    int byPattern;

    /** The number of the newest of these patterns. */
    long newest;

    /** Up to which pattern the loop has been told to look for members. */
    long told;

    TopicShare(Fanout fanout) {
        this.fanout = fanout;
    }

    boolean isEmpty() {
        return named == 0 && byPattern == 0;
    }
}
