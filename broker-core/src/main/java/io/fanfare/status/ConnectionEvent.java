package io.fanfare.status;

/**
 * The end of a connection, or the refusal of a socket that did not become one.
 *
 * @param number of the event since the broker's start, from 1 on: newer ones have larger numbers
 * @param time milliseconds of the epoch
 * @param kind what happened
 * @param reason as metrics write it: a label of {@link io.fanfare.statistics.Disconnect} or {@link
 *     io.fanfare.statistics.Refusal}
 * @param address of the peer, as logs say it
 * @param connection id of the session; empty: the client was not CONNECTED
 * @param user empty: anonymous, or not CONNECTED
 * @param detail what is known beyond the reason, in a sentence; may be empty
 */
public record ConnectionEvent(
        long number,
        long time,
        Kind kind,
        String reason,
        String address,
        String connection,
        String user,
        String detail) {

    /** What happened. */
    public enum Kind {
        /** A connection ended. */
        CLOSED,
        /** A socket did not become a connection. */
        REFUSED
    }
}
