package io.fanfare.nats.options;

import java.time.Duration;

/**
 * Options of topics that NATS keeps.
 *
 * @param bytes that the stream of one rule may take on each server that has it, 1 MiB or more
 * @param appendTimeout how long a message may wait until it is kept, 1 s to 100 s; then its SEND is refused
 */
public record KeptTopicOptions(long bytes, Duration appendTimeout) {

    private static final long MIN_BYTES = 1L << 20;
    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);

    /** Shorter than NATS knows the ids of messages. */
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(100);

    /** 1 GiB, 30 s. */
    public static final KeptTopicOptions DEFAULT = new KeptTopicOptions(1L << 30, Duration.ofSeconds(30));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is out of its range; the message names its key
     */
    public KeptTopicOptions {
        NatsCheck.require(bytes >= MIN_BYTES, "cluster.kept_bytes must be 1 MiB or more, not " + bytes);
        NatsCheck.require(
                appendTimeout.compareTo(MIN_TIMEOUT) >= 0 && appendTimeout.compareTo(MAX_TIMEOUT) <= 0,
                "cluster.append_timeout must be 1 s to 100 s, not " + appendTimeout);
    }

    /** The same with other bytes. */
    public KeptTopicOptions withBytes(long value) {
        return new KeptTopicOptions(value, appendTimeout);
    }

    /** The same with another time-out. */
    public KeptTopicOptions withAppendTimeout(Duration value) {
        return new KeptTopicOptions(bytes, value);
    }
}
