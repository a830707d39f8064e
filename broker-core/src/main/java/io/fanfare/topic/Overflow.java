package io.fanfare.topic;

import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;

/** What happens to messages that a subscriber is too slow for: {@code overflow} of SUBSCRIBE. */
enum Overflow {
    /** The connection ends when too much waits for it. */
    DISCONNECT,
    DROP_OLDEST,
    DROP_NEWEST,
    /** Only the newest of each key is kept. */
    CONFLATE;

    /**
     * Reads the header's value.
     *
     * @throws ProtocolException when there is no such policy
     */
    static Overflow parse(String value) {
        return switch (value) {
            case "disconnect" -> DISCONNECT;
            case "drop-oldest" -> DROP_OLDEST;
            case "drop-newest" -> DROP_NEWEST;
            case "conflate" -> CONFLATE;
            default ->
                throw new ProtocolException(
                        "invalid overflow",
                        "overflow is disconnect, drop-oldest, drop-newest or conflate, not " + Printable.of(value));
        };
    }
}
