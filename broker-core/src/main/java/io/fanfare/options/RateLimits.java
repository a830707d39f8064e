package io.fanfare.options;

import java.time.Duration;

/**
 * Rates at which clients may send. A client that sends faster is read from more slowly, and closed with 4429 when it
 * would have to wait too long. Each component is described at its method of {@link Builder}.
 */
public record RateLimits(
        int maxMessageRate,
        long maxByteRate,
        int maxUserMessageRate,
        long maxUserByteRate,
        int maxSubscribeRate,
        int maxControlRate,
        Duration rateBurst,
        Duration maxRateDelay) {

    public static final RateLimits DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public RateLimits {
        Check.notNegative("max_message_rate", maxMessageRate);
        Check.notNegative("max_byte_rate", maxByteRate);
        Check.notNegative("max_user_message_rate", maxUserMessageRate);
        Check.notNegative("max_user_byte_rate", maxUserByteRate);
        Check.notNegative("max_subscribe_rate", maxSubscribeRate);
        Check.notNegative("max_control_rate", maxControlRate);
        Check.notNegative("rate_burst", rateBurst);
        Check.notNegative("max_rate_delay", maxRateDelay);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private int maxMessageRate = 0;
        private long maxByteRate = 0;
        private int maxUserMessageRate = 0;
        private long maxUserByteRate = 0;
        private int maxSubscribeRate = 1000;
        private int maxControlRate = 200;
        private Duration rateBurst = Duration.ofSeconds(5);
        private Duration maxRateDelay = Duration.ofSeconds(10);

        private Builder() {}

        /** SEND frames of one connection a second; beyond it reading is delayed. 0, the default: no limit. */
        public Builder maxMessageRate(int value) {
            maxMessageRate = value;
            return this;
        }

        /** Bytes of one connection a second; beyond it reading is delayed. 0, the default: no limit. */
        public Builder maxByteRate(long value) {
            maxByteRate = value;
            return this;
        }

        /** SEND frames a second of all connections of a named user; beyond it reading of each is delayed. 0, the default: no limit. */
        public Builder maxUserMessageRate(int value) {
            maxUserMessageRate = value;
            return this;
        }

        /** Bytes a second of all connections of a named user; beyond it reading of each is delayed. 0, the default: no limit. */
        public Builder maxUserByteRate(long value) {
            maxUserByteRate = value;
            return this;
        }

        /** SUBSCRIBE and UNSUBSCRIBE frames of one connection a second; 1,000. Beyond it reading is delayed. 0: no limit. */
        public Builder maxSubscribeRate(int value) {
            maxSubscribeRate = value;
            return this;
        }

        /**
         * Heart-beats, Pings, Pongs, empty messages and very small fragments of one connection a second; 200. Beyond it
         * reading is delayed. 0: no limit.
         */
        public Builder maxControlRate(int value) {
            maxControlRate = value;
            return this;
        }

        /** Burst allowed by each rate: as much as comes in this time at that rate; 5 s. */
        public Builder rateBurst(Duration value) {
            rateBurst = value;
            return this;
        }

        /**
         * Delay of a client that sends too fast, summed over a minute, beyond which it is closed with 4429; 10 s.
         */
        public Builder maxRateDelay(Duration value) {
            maxRateDelay = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public RateLimits build() {
            return new RateLimits(
                    maxMessageRate,
                    maxByteRate,
                    maxUserMessageRate,
                    maxUserByteRate,
                    maxSubscribeRate,
                    maxControlRate,
                    rateBurst,
                    maxRateDelay);
        }
    }
}
