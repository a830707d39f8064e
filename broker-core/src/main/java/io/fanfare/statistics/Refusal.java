package io.fanfare.statistics;

/** Reason for which a socket did not become a connection, or an HTTP request no WebSocket. */
public enum Refusal implements Labelled {
    /** An HTTP request that is malformed, too large, or no WebSocket handshake. */
    BAD_REQUEST,
    /** An HTTP request for another path. */
    NOT_FOUND,
    /** An HTTP request that asks for no WebSocket, or for another version of it. */
    NO_WEBSOCKET,
    /** A page of an origin that is not allowed. */
    ORIGIN,
    /** None of the sub-protocols is known. */
    SUB_PROTOCOL,
    /** The server has as many connections as it may: {@code max_connections}. */
    TOO_MANY_CONNECTIONS,
    /** The address has as many: {@code max_connections_per_address}. */
    TOO_MANY_FOR_ADDRESS,
    /** The address has most of the sockets that are not CONNECTED: {@code max_pending_handshakes}. */
    TOO_MANY_PENDING,
    /** A handshake, of TLS, a proxy or HTTP, took longer than {@code handshake_timeout}. */
    TIMEOUT,
    /** The TLS handshake failed. */
    TLS,
    /** A trusted proxy sent something else than the PROXY protocol's header. */
    PROXY_HEADER,
    /** The broker is about to restart. */
    DRAINING
}
