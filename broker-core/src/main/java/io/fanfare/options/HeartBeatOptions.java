package io.fanfare.options;

import io.fanfare.frame.HeartBeat;
import java.time.Duration;

/**
 * Heart-beats and Pings, by which dead connections are found. Each component is described at its method of {@link
 * Builder}.
 */
public record HeartBeatOptions(HeartBeat heartBeat, Duration pingInterval) {

    public static final HeartBeatOptions DEFAULT = new Builder().build();

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public HeartBeatOptions {
        Check.notNegative("ping_interval", pingInterval);
    }

    /** A builder, with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects values; each has its default until it is set. */
    public static final class Builder {
        private HeartBeat heartBeat = new HeartBeat(Duration.ofSeconds(1), Duration.ofSeconds(10));
        private Duration pingInterval = Duration.ofSeconds(30);

        private Builder() {}

        /**
         * Intervals that CONNECTED offers: what the broker can send, 1 s, and what it wants, 10 s. Clients get heart-beats
         * as often as they want, but not more often than the first. A client that is silent for twice what it promised is
         * closed with 4408.
         */
        public Builder heartBeat(HeartBeat value) {
            heartBeat = value;
            return this;
        }

        /**
         * Silence after which a WebSocket client gets a Ping; 30 s. After the same time without an answer it is
         * closed with 4408. Zero: no Pings.
         */
        public Builder pingInterval(Duration value) {
            pingInterval = value;
            return this;
        }

        /**
         * What was set, and the defaults of the rest.
         *
         * @throws IllegalArgumentException when a value is out of its range; the message names its key
         */
        public HeartBeatOptions build() {
            return new HeartBeatOptions(heartBeat, pingInterval);
        }
    }
}
