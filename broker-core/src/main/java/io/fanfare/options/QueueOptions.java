package io.fanfare.options;

import java.time.Duration;

/**
 * Limits and defaults of queues, and of durable subscriptions, which are queues of their own. Each component is
 * described at its method of {@link Builder}.
 */
public record QueueOptions(
        int prefetch,
        int maxQueueMessages,
        long maxQueueBytes,
        int maxDeliveries,
        int maxDelayed,
        Duration durableExpiry,
        Duration redeliveryDelay,
        Duration maxRedeliveryDelay) {

    public static final QueueOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public QueueOptions {
        Check.positive("prefetch", prefetch);
        Check.positive("max_queue_messages", maxQueueMessages);
        Check.positive("max_queue_bytes", maxQueueBytes);
        Check.positive("max_deliveries", maxDeliveries);
        Check.notNegative("max_delayed", maxDelayed);
        Check.positive("durable_expiry", durableExpiry);
        Check.notNegative("redelivery_delay", redeliveryDelay);
        Check.notNegative("max_redelivery_delay", maxRedeliveryDelay);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private int prefetch = 100;
        private int maxQueueMessages = 100_000;
        private long maxQueueBytes = 256L << 20;
        private int maxDeliveries = 10;
        private int maxDelayed = 100_000;
        private Duration durableExpiry = Duration.ofDays(1);
        private Duration redeliveryDelay = Duration.ofMillis(100);
        private Duration maxRedeliveryDelay = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Unacknowledged messages of a queue subscription, unless its SUBSCRIBE has a prefetch-count; 100. More wait
         * in the queue.
         */
        public Builder prefetch(int value) {
            prefetch = value;
            return this;
        }

        /** Messages of one queue; 100,000. A SEND beyond it gets an ERROR. */
        public Builder maxQueueMessages(int value) {
            maxQueueMessages = value;
            return this;
        }

        /** Bytes of one queue, headers and bodies; 256 MiB. A SEND beyond it gets an ERROR. */
        public Builder maxQueueBytes(long value) {
            maxQueueBytes = value;
            return this;
        }

        /**
         * Deliveries of a message that is never acknowledged; 10. After them it goes to the queue's dead letters.
         */
        public Builder maxDeliveries(int value) {
            maxDeliveries = value;
            return this;
        }

        /**
         * Messages of all destinations that wait for their delay; 100,000. One more SEND with a delay gets an ERROR.
         */
        public Builder maxDelayed(int value) {
            maxDelayed = value;
            return this;
        }

        /** Absence of a client after which its durable subscription is deleted with its messages; one day. */
        public Builder durableExpiry(Duration value) {
            durableExpiry = value;
            return this;
        }

        /**
         * Time before a message that a NACK gives back for the second time is delivered again; 100 ms. The first time it
         * comes at once, later after twice as long each time. 0: always at once.
         */
        public Builder redeliveryDelay(Duration value) {
            redeliveryDelay = value;
            return this;
        }

        /**
         * Limit of the time that {@link #redeliveryDelay} doubles to, after which the same message waits as long each
         * time; 10 s. 0: a message that a NACK gives back is delivered again at once.
         */
        public Builder maxRedeliveryDelay(Duration value) {
            maxRedeliveryDelay = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public QueueOptions build() {
            return new QueueOptions(
                    prefetch,
                    maxQueueMessages,
                    maxQueueBytes,
                    maxDeliveries,
                    maxDelayed,
                    durableExpiry,
                    redeliveryDelay,
                    maxRedeliveryDelay);
        }
    }
}
