package io.fanfare.server;

/**
 * Limits of all connections together, before a client is connected. Each component is described at its method of {@link
 * Builder}.
 */
public record ServerLimits(
        int maxConnections, int maxConnectionsPerAddress, int maxPendingHandshakes, int maxRequestHeaderBytes) {

    public static final ServerLimits DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public ServerLimits {
        OptionCheck.positive("max_connections", maxConnections);
        OptionCheck.notNegative("max_connections_per_address", maxConnectionsPerAddress);
        OptionCheck.positive("max_pending_handshakes", maxPendingHandshakes);
        OptionCheck.positive("max_request_header_bytes", maxRequestHeaderBytes);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private int maxConnections = 50_000;
        private int maxConnectionsPerAddress = 0;
        private int maxPendingHandshakes = 10_000;
        private int maxRequestHeaderBytes = 8 << 10;

        private Builder() {}

        /**
         * Connections of all listeners together; 50,000. One more gets a 503, on TCP an ERROR, and is closed.
         */
        public Builder maxConnections(int value) {
            maxConnections = value;
            return this;
        }

        /**
         * Connections of one client's IPv4 address, or of one IPv6 network of 64 bits; 0, the default: no limit. One more
         * gets a 503, on TCP an ERROR, and is closed.
         */
        public Builder maxConnectionsPerAddress(int value) {
            maxConnectionsPerAddress = value;
            return this;
        }

        /**
         * Sockets whose client is not connected yet; 10,000. With one more, the address that has most of them loses its
         * oldest.
         */
        public Builder maxPendingHandshakes(int value) {
            maxPendingHandshakes = value;
            return this;
        }

        /** Bytes of an HTTP request's line and headers; 8 KiB. A larger request gets a 431. */
        public Builder maxRequestHeaderBytes(int value) {
            maxRequestHeaderBytes = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public ServerLimits build() {
            return new ServerLimits(
                    maxConnections, maxConnectionsPerAddress, maxPendingHandshakes, maxRequestHeaderBytes);
        }
    }
}
