package io.fanfare.options;

/**
 * Limits of destination names, as the client writes them, and of the number of destinations. Each component is
 * described at its method of {@link Builder}.
 */
public record DestinationLimits(int maxDestinationBytes, int maxDestinationWords, int maxDestinations) {

    public static final DestinationLimits DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public DestinationLimits {
        Check.positive("max_destination_bytes", maxDestinationBytes);
        Check.positive("max_destination_words", maxDestinationWords);
        Check.positive("max_destinations", maxDestinations);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private int maxDestinationBytes = 255;
        private int maxDestinationWords = 16;
        private int maxDestinations = 100_000;

        private Builder() {}

        /** Bytes of a destination in UTF-8; 255. A longer one gets an ERROR. */
        public Builder maxDestinationBytes(int value) {
            maxDestinationBytes = value;
            return this;
        }

        /** Words of a destination's name; 16. A longer one gets an ERROR. */
        public Builder maxDestinationWords(int value) {
            maxDestinationWords = value;
            return this;
        }

        /**
         * Topics and queues at a time, and as many durable subscriptions; 100,000. A SUBSCRIBE or SEND that needs one
         * more gets an ERROR.
         */
        public Builder maxDestinations(int value) {
            maxDestinations = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public DestinationLimits build() {
            return new DestinationLimits(maxDestinationBytes, maxDestinationWords, maxDestinations);
        }
    }
}
