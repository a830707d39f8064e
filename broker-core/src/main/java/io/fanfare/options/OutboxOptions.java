package io.fanfare.options;

import java.time.Duration;

/**
 * Limits of the bytes that wait for one connection. Each component is described at its method of {@link Builder}.
 */
public record OutboxOptions(long maxOutboxBytes, Duration writeTimeout) {

    public static final OutboxOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public OutboxOptions {
        Check.positive("max_outbox_bytes", maxOutboxBytes);
        Check.positive("write_timeout", writeTimeout);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private long maxOutboxBytes = Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 16);
        private Duration writeTimeout = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Bytes that wait for one connection; 64 MiB, or a sixteenth of the heap if that is less. Beyond it a slow
         * connection is closed with 1013. An empty outbox takes a frame of any size. From half of it on, the publishers
         * of these bytes wait for a connection that takes them at a good pace.
         */
        public Builder maxOutboxBytes(long value) {
            maxOutboxBytes = value;
            return this;
        }

        /**
         * Time without progress after which a connection with waiting bytes is cut; 10 s. After a tenth of it, a second at most, no publisher
         * waits for that connection any more.
         */
        public Builder writeTimeout(Duration value) {
            writeTimeout = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public OutboxOptions build() {
            return new OutboxOptions(maxOutboxBytes, writeTimeout);
        }
    }
}
