package io.fanfare.backplane;

import io.fanfare.status.PresenceStatus;
import org.jspecify.annotations.Nullable;

/**
 * A session has come to a topic, or has left it.
 *
 * @param topic its name, without the prefix
 * @param session as others see it
 * @param leaveReason why it has left, in a word that subscribers are told; null: it has come
 */
public record PresenceChange(
        String topic, PresenceStatus session, @Nullable String leaveReason) {

    /** Whether the session has come. */
    public boolean isJoin() {
        return leaveReason == null;
    }
}
