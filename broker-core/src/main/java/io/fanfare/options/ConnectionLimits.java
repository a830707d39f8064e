package io.fanfare.options;

import io.fanfare.frame.FrameLimits;
import java.time.Duration;

/**
 * Limits of one connection and of its frames. Each component is described at its method of {@link Builder}.
 */
public record ConnectionLimits(
        FrameLimits frameLimits,
        int maxFrameBytesBeforeConnected,
        Duration frameTimeout,
        int maxSubscriptions,
        int maxTransactions,
        int maxTransactionFrames,
        int maxIdBytes,
        int maxDestinationsPerConnection,
        int maxConnectionsPerUser) {

    public static final ConnectionLimits DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public ConnectionLimits {
        Check.positive("max_frame_bytes_before_connected", maxFrameBytesBeforeConnected);
        Check.positive("frame_timeout", frameTimeout);
        Check.positive("max_subscriptions", maxSubscriptions);
        Check.positive("max_transactions", maxTransactions);
        Check.positive("max_transaction_frames", maxTransactionFrames);
        Check.positive("max_id_bytes", maxIdBytes);
        Check.positive("max_destinations_per_connection", maxDestinationsPerConnection);
        Check.notNegative("max_connections_per_user", maxConnectionsPerUser);
    }

    /** The limits of frames that come before the client is connected. */
    public FrameLimits frameLimitsBeforeConnected() {
        return frameLimits.withMaxFrameBytes(maxFrameBytesBeforeConnected, "max_frame_bytes_before_connected");
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private FrameLimits frameLimits = FrameLimits.DEFAULT;
        private int maxFrameBytesBeforeConnected = 64 << 10;
        private Duration frameTimeout = Duration.ofSeconds(10);
        private int maxSubscriptions = 1024;
        private int maxTransactions = 16;
        private int maxTransactionFrames = 1024;
        private int maxIdBytes = 255;
        private int maxDestinationsPerConnection = 10_000;
        private int maxConnectionsPerUser = 0;

        private Builder() {}

        /**
         * Sizes of frames once the client is connected: 4 MiB in all ("frame too large"), a command of 32 B, header
         * lines of 8 KiB ("header too large"), 64 headers ("head too large"). A larger one gets an ERROR that names the
         * limit, and the connection is closed with 1009.
         */
        public Builder frameLimits(FrameLimits value) {
            frameLimits = value;
            return this;
        }

        /** Bytes of a frame before CONNECTED; 64 KiB. A larger one gets an ERROR. */
        public Builder maxFrameBytesBeforeConnected(int value) {
            maxFrameBytesBeforeConnected = value;
            return this;
        }

        /** Silence in the middle of a frame or message after which the connection is closed; 10 s. */
        public Builder frameTimeout(Duration value) {
            frameTimeout = value;
            return this;
        }

        /** Live subscriptions of one connection; 1,024. One more SUBSCRIBE gets an ERROR. */
        public Builder maxSubscriptions(int value) {
            maxSubscriptions = value;
            return this;
        }

        /** Open transactions of one connection; 16. One more BEGIN gets an ERROR. */
        public Builder maxTransactions(int value) {
            maxTransactions = value;
            return this;
        }

        /** Frames of one transaction; 1,024. One more gets an ERROR. */
        public Builder maxTransactionFrames(int value) {
            maxTransactionFrames = value;
            return this;
        }

        /**
         * Bytes, in UTF-8, of an id that a client gives a subscription, a durable subscription, a transaction, itself
         * ({@code client-id}) or a SEND ({@code dedup-id}), and of a {@code login} that nobody checks; 255. A longer one gets
         * an ERROR.
         */
        public Builder maxIdBytes(int value) {
            maxIdBytes = value;
            return this;
        }

        /**
         * Topics that one connection subscribes to, and queues and durable subscriptions that it has brought into
         * being; 10,000. One more gets an ERROR.
         */
        public Builder maxDestinationsPerConnection(int value) {
            maxDestinationsPerConnection = value;
            return this;
        }

        /** Connections of one named user at a time; 0, the default: no limit. One more CONNECT gets an ERROR. */
        public Builder maxConnectionsPerUser(int value) {
            maxConnectionsPerUser = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public ConnectionLimits build() {
            return new ConnectionLimits(
                    frameLimits,
                    maxFrameBytesBeforeConnected,
                    frameTimeout,
                    maxSubscriptions,
                    maxTransactions,
                    maxTransactionFrames,
                    maxIdBytes,
                    maxDestinationsPerConnection,
                    maxConnectionsPerUser);
        }
    }
}
