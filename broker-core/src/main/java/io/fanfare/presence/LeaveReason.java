package io.fanfare.presence;

import io.fanfare.statistics.Disconnect;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reason for which a session is not present any more: the header {@code reason} of {@code presence:leave}. */
public enum LeaveReason {
    UNSUBSCRIBED,
    /** DISCONNECT, or the Close of the client's WebSocket. */
    DISCONNECTED,
    /** The network, or a client that neither reads nor sends; it may come back. */
    LOST,
    /** The client's token. */
    EXPIRED,
    /** By the broker: an operator, a mistake or a limit of the client, a permission that was withdrawn, a restart. */
    CLOSED;

    /** What the end of a connection means to those that see it. */
    static LeaveReason of(Disconnect end) {
        return switch (end) {
            case CLIENT -> DISCONNECTED;
            case LOST, TOO_SLOW, STALLED, RECLAIMED, HEART_BEAT_MISSED -> LOST;
            case TOKEN_EXPIRED -> EXPIRED;
            case PROTOCOL_ERROR,
                    INVALID_DATA,
                    POLICY,
                    TOO_BIG,
                    RATE_LIMIT,
                    OVERLOAD,
                    CLOSED_BY_OPERATOR,
                    RESTARTING,
                    SHUTTING_DOWN,
                    INTERNAL_ERROR -> CLOSED;
        };
    }

    /** The reason of this name; that of another version, which this one does not know, is {@link #CLOSED}. */
    static LeaveReason named(@Nullable String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElse(CLOSED);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
