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

    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private long maxMemoryBytes = Runtime.getRuntime().maxMemory() / 2;
        private long highMemoryBytes = Runtime.getRuntime().maxMemory() / 5;

        private Builder() {}

        /**
         * Bytes of queues, transactions and messages under way; half of the heap. Beyond it SEND gets the ERROR
         * "memory alarm".
         */
        public Builder maxMemoryBytes(long value) {
            maxMemoryBytes = value;
            return this;
        }

        /** Bytes under way to subscribers; a fifth of the heap. Beyond it publishers are not read from. */
        public Builder highMemoryBytes(long value) {
            highMemoryBytes = value;
            return this;
        }

        public MemoryOptions build() {
            return new MemoryOptions(maxMemoryBytes, highMemoryBytes);
        }
    }
}
