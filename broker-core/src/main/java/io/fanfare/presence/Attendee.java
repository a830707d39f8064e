package io.fanfare.presence;

import org.jspecify.annotations.Nullable;

/**
 * One session of a client.
 *
 * @param user the user's name; empty: anonymous
 * @param session the id that CONNECTED told
 * @param clientId of CONNECT; null: none
 */
public record Attendee(
        String user, String session, @Nullable String clientId) {

    /**
     * What a client that comes back has in common with the one that was lost.
     *
     * @param clientId null: none; then the user has to do
     */
    record Identity(String user, @Nullable String clientId) {}

    /** Null: a client that comes back can't be told from another one. */
    @Nullable
    Identity identity() {
        return user.isEmpty() && clientId == null ? null : new Identity(user, clientId);
    }

    /** About what it takes beside its objects. */
    long bytes() {
        return 2L * (user.length() + session.length() + (clientId == null ? 0 : clientId.length()));
    }
}
