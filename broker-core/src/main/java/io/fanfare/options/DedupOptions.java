package io.fanfare.options;

import java.time.Duration;

/**
 * Windows in which a SEND with the {@code dedup-id} of an earlier one is a repeat. Each component is described at its
 * method of {@link Builder}.
 */
public record DedupOptions(Duration dedupWindow, int maxDedupIds, long maxDedupBytes) {

    public static final DedupOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public DedupOptions {
        Check.positive("dedup_window", dedupWindow);
        Check.positive("max_dedup_ids", maxDedupIds);
        Check.positive("max_dedup_bytes", maxDedupBytes);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private Duration dedupWindow = Duration.ofMinutes(2);
        private int maxDedupIds = 10_000;
        private long maxDedupBytes =
                Math.min(64L << 20, Math.max(1, Runtime.getRuntime().maxMemory() / 16));

        private Builder() {}

        /** Time after a SEND in which another one with its {@code dedup-id} is a repeat; 2 minutes. */
        public Builder dedupWindow(Duration value) {
            dedupWindow = value;
            return this;
        }

        /** Ids of one user that are remembered; 10,000. The next one has the oldest forgotten. */
        public Builder maxDedupIds(int value) {
            maxDedupIds = value;
            return this;
        }

        /**
         * Bytes that the remembered ids of all users take; 64 MiB or a sixteenth of the heap, whichever is smaller. Beyond it
         * a new id has the oldest of its own user forgotten, then those of the users that have sent none for the longest time.
         */
        public Builder maxDedupBytes(long value) {
            maxDedupBytes = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public DedupOptions build() {
            return new DedupOptions(dedupWindow, maxDedupIds, maxDedupBytes);
        }
    }
}
