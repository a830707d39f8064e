package io.fanfare.options;

/**
 * Limits of the memory that all clients' messages take together. Each component is described at its method of {@link
 * Builder}.
 */
public record MemoryOptions(long maxMemoryBytes, long highMemoryBytes) {

    public static final MemoryOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public MemoryOptions {
        Check.positive("max_memory_bytes", maxMemoryBytes);
        Check.positive("high_memory_bytes", highMemoryBytes);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private long maxMemoryBytes = Runtime.getRuntime().maxMemory() / 2;

        /** 0: a quarter of the other. */
        private long highMemoryBytes;

        private Builder() {}

        /**
         * Bytes of queues, transactions and messages under way; half of the heap. Beyond it SEND gets the ERROR
         * "memory alarm".
         */
        public Builder maxMemoryBytes(long value) {
            maxMemoryBytes = value;
            return this;
        }

        /**
         * Bytes under way to subscribers, those that several connections share once; a quarter of {@link
         * #maxMemoryBytes}. Beyond it connections that have taken nothing for a tenth of the write timeout (a second at most) are cut, those with the most
         * bytes first; while the others have as much, publishers are not read from.
         */
        public Builder highMemoryBytes(long value) {
            Check.positive("high_memory_bytes", value);
            highMemoryBytes = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public MemoryOptions build() {
            return new MemoryOptions(
                    maxMemoryBytes, highMemoryBytes > 0 ? highMemoryBytes : Math.max(1, maxMemoryBytes / 4));
        }
    }
}
