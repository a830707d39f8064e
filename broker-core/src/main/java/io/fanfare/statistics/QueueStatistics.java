package io.fanfare.statistics;

/**
 * A queue at one moment.
 *
 * @param destination such as {@code /queue/orders}
 * @param ready messages that no consumer has
 * @param unacknowledged messages that consumers have and have not settled, or that wait for their redelivery
 * @param bytes about what all of these take
 * @param consumers its subscriptions
 */
public record QueueStatistics(String destination, int ready, int unacknowledged, long bytes, int consumers) {

    /** Messages of both kinds. */
    public int depth() {
        return ready + unacknowledged;
    }
}
