package io.fanfare.session;

import io.fanfare.frame.Command;
import io.fanfare.frame.Frame;
import io.fanfare.frame.Headers;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import io.fanfare.message.HeaderValues;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client that has asked for {@code soft-errors} what is refused, or will end, while its connection goes on. Owned
 * by its session's loop.
 */
final class SoftErrorReplies {

    private final Session session;
    private final SessionServices.SoftErrors counter;
    private final Replies replies;
    private final StompVersion version;
    private final boolean enabled;

    SoftErrorReplies(
            Session session,
            SessionServices.SoftErrors counter,
            Replies replies,
            StompVersion version,
            boolean enabled) {
        this.session = session;
        this.counter = counter;
        this.replies = replies;
        this.version = version;
        this.enabled = enabled;
    }

    /**
     * Whether a CONNECT asks for them.
     *
     * @throws ProtocolException when its header is neither true nor false
     */
    static boolean areWanted(Headers connect) {
        return HeaderValues.flag(connect, "soft-errors");
    }

    /** Whether the client has asked for them. */
    boolean areEnabled() {
        return enabled;
    }

    /** Whether a client may be told about a refused frame without losing its connection. */
    boolean cover(Command refused) {
        return enabled
                && switch (refused) {
                    case SEND, SUBSCRIBE, UNSUBSCRIBE, ACK, NACK, BEGIN, COMMIT, ABORT -> true;
                    case CONNECT, STOMP, DISCONNECT, CONNECTED, MESSAGE, RECEIPT, ERROR -> false;
                };
    }

    /** Tells what is refused. */
    void refused(Frame frame, ProtocolException why) {
        counter.add(session, frame.command(), why);
        replies.softError(
                version,
                why,
                Headers.builder()
                        .add("error-command", frame.command().name())
                        .addIfPresent("receipt-id", frame.headers().get("receipt"))
                        .build());
    }

    /** Tells that a subscription has ended. */
    void subscriptionEnded(@Nullable String id, ProtocolException why) {
        replies.softError(
                version,
                why,
                Headers.builder()
                        .add("error-command", Command.SUBSCRIBE.name())
                        .addIfPresent("error-subscription", id)
                        .build());
    }

    /** Tells that the session's token expires soon. */
    void expiresSoon(Duration left) {
        replies.softError(
                version,
                new ProtocolException(
                        "session expires soon",
                        "the token that this connection came with expires in " + left.toMillis()
                                + " ms; SEND a new one to " + ClientIdentity.DESTINATION),
                Headers.builder().add("session-expires", left.toMillis()).build());
    }
}
