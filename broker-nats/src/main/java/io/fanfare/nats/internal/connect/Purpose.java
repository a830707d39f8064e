package io.fanfare.nats.internal.connect;

/** Purpose of a connection to NATS. */
public enum Purpose {
    /** Live messages and what nodes tell each other. */
    LIVE,
    /** Streams. */
    KEPT
}
