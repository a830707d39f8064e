package io.fanfare.nats.internal.connect;

/** What a connection to NATS is for. */
public enum Purpose {
    /** Live messages and what nodes tell each other. */
    LIVE,
    /** Streams. */
    KEPT
}
