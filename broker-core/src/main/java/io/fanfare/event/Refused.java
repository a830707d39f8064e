package io.fanfare.event;

/**
 * A refusal.
 *
 * @param kind what is refused
 * @param reason short and stable: a label of {@link io.fanfare.statistics.Refusal} for a socket, the {@code message} header
 *     of the ERROR for a frame, {@code authentication failed} or {@code authentication unavailable} for a login
 * @param address of the peer, as logs say it
 * @param session id of the session; empty: the client was not CONNECTED
 * @param user of a connected client, or the name in a refused login; empty: anonymous, or none
 * @param detail what is known beyond the reason, in a sentence; may be empty
 */
public record Refused(Kind kind, String reason, String address, String session, String user, String detail) {

    /** What is refused. */
    public enum Kind {
        /** A socket that does not become a connection. */
        SOCKET,
        /** Credentials. */
        LOGIN,
        /** A frame, or what should have come: an ERROR ends the connection, or is told on {@code $error} with soft errors. */
        FRAME
    }
}
