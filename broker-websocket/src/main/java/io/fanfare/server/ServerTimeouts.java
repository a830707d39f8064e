package io.fanfare.server;

import java.time.Duration;

/** Time limits of opening and shutting down. Each component is described at its method of {@link Builder}. */
public record ServerTimeouts(Duration handshakeTimeout, Duration closeTimeout, Duration drainTimeout) {

    public static final ServerTimeouts DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public ServerTimeouts {
        OptionCheck.positive("handshake_timeout", handshakeTimeout);
        OptionCheck.notNegative("close_timeout", closeTimeout);
        OptionCheck.notNegative("drain_timeout", drainTimeout);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private Duration handshakeTimeout = Duration.ofSeconds(10);
        private Duration closeTimeout = Duration.ofSeconds(2);
        private Duration drainTimeout = Duration.ZERO;

        private Builder() {}

        /**
         * Time for each of the PROXY protocol's header, the TLS handshake and the WebSocket handshake; 10 s. A socket that
         * is slower is closed.
         */
        public Builder handshakeTimeout(Duration value) {
            handshakeTimeout = value;
            return this;
        }

        /**
         * How long {@link FanfareServer#close} waits for clients to answer the WebSocket Close; 2 s. Then their sockets are
         * closed.
         */
        public Builder closeTimeout(Duration value) {
            closeTimeout = value;
            return this;
        }

        /**
         * The time over which {@link FanfareServer#close} spreads the closing of its clients, so that they do not all
         * reconnect elsewhere at once; zero, the default: all are closed at once.
         */
        public Builder drainTimeout(Duration value) {
            drainTimeout = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public ServerTimeouts build() {
            return new ServerTimeouts(handshakeTimeout, closeTimeout, drainTimeout);
        }
    }
}
