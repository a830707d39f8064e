package io.fanfare.statistics;

import io.fanfare.frame.CloseCode;

/** Reason for which a connection has ended. */
public enum Disconnect implements Labelled {
    /** The client has said DISCONNECT, or closed its WebSocket. */
    CLIENT,
    /** The network, or a client without a word. */
    LOST,
    /** {@code max_outbox_bytes}, or the queue of a subscription that acknowledges, was full. */
    TOO_SLOW,
    /** The socket took nothing for {@code write_timeout}. */
    STALLED,
    /** The socket took nothing while all connections together held too much ({@code high_memory_bytes}). */
    RECLAIMED,
    HEART_BEAT_MISSED,
    PROTOCOL_ERROR,
    INVALID_DATA,
    /** Credentials, permissions, timeouts, limits of one client. */
    POLICY,
    TOO_BIG,
    RATE_LIMIT,
    /** The broker had no room: connections, destinations, memory, or its authenticator was unavailable. */
    OVERLOAD,
    TOKEN_EXPIRED,
    /** An operator has closed it. */
    CLOSED_BY_OPERATOR,
    /** The broker drains. */
    RESTARTING,
    /** The broker stops. */
    SHUTTING_DOWN,
    /** A bug of the broker's. */
    INTERNAL_ERROR;

    /** The reason that a close code stands for. */
    public static Disconnect of(CloseCode code) {
        return switch (code) {
            case NORMAL -> CLIENT;
            case GOING_AWAY -> SHUTTING_DOWN;
            case PROTOCOL_ERROR -> PROTOCOL_ERROR;
            case INVALID_DATA -> INVALID_DATA;
            case POLICY -> POLICY;
            case TOO_BIG -> TOO_BIG;
            case INTERNAL_ERROR -> INTERNAL_ERROR;
            case RESTARTING -> RESTARTING;
            case OVERLOAD -> OVERLOAD;
            case TOKEN_EXPIRED -> TOKEN_EXPIRED;
            case CLOSED_BY_OPERATOR -> CLOSED_BY_OPERATOR;
            case HEART_BEAT_MISSED -> HEART_BEAT_MISSED;
            case RATE_LIMIT -> RATE_LIMIT;
        };
    }
}
