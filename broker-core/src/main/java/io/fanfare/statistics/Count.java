package io.fanfare.statistics;

/** Counters that an event loop keeps by itself, without a reason. */
public enum Count {
    /** Octets of STOMP that came from clients: after TLS, and without WebSocket's headers. */
    BYTES_RECEIVED,
    /** Octets that sockets took: with WebSocket's headers, before TLS. */
    BYTES_SENT,
    CONNECTIONS_OPENED,
    /** Messages given to connections. */
    DELIVERED,
    /** Of these, those that had been delivered before. */
    REDELIVERED,
    /** Connections whose socket is full; goes up and down. */
    BLOCKED,
    /** Messages that were compressed, or tried: each once for all connections that share the bytes. */
    COMPRESSED,
    /** Octets of these before, without what a subscription has of its own. */
    BYTES_BEFORE_COMPRESSION,
    /** The same octets as they were sent. */
    BYTES_AFTER_COMPRESSION
}
