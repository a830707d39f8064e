package io.fanfare.status;

/**
 * A session that is present at a topic.
 *
 * @param user the user's name; empty: anonymous
 * @param session the id that CONNECTED told when the session joined; it stays when the client comes back after a loss
 * @param since when it joined, in milliseconds of the epoch
 */
public record PresenceStatus(String user, String session, long since) {}
