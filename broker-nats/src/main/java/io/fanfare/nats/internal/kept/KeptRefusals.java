package io.fanfare.nats.internal.kept;

import io.fanfare.frame.CloseCode;
import io.fanfare.frame.ProtocolException;
import io.nats.client.JetStreamApiException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ERRORs that tell clients why messages are not kept. */
final class KeptRefusals {

    /** What a refusal says of a stream without room. */
    static final String FULL = "topic full";

    /** The stream has as much as it may. */
    private static final int STORE_FAILED = 10077;

    /** The server's disk, or the account's part of it. */
    private static final Set<Integer> NO_RESOURCES = Set.of(10023, 10028, 10047);

    private KeptRefusals() {}

    /** Why a stream does not take the message and never will; null: it may be another time. */
    static @Nullable ProtocolException of(@Nullable Throwable why) {
        Throwable cause = why;
        while (cause != null && !(cause instanceof JetStreamApiException)) {
            // as jnats wraps it
            cause = cause.getCause();
        }
        if (!(cause instanceof JetStreamApiException refused)) {
            return null;
        }
        if (refused.getApiErrorCode() == STORE_FAILED) {
            return new ProtocolException(
                    FULL,
                    "the stream of this topic has as much as it may (cluster.kept_bytes): "
                            + refused.getErrorDescription(),
                    CloseCode.OVERLOAD);
        }
        return NO_RESOURCES.contains(refused.getApiErrorCode())
                ? new ProtocolException(
                        FULL,
                        "the NATS servers have no room (max_file of jetstream): " + refused.getErrorDescription(),
                        CloseCode.OVERLOAD)
                : null;
    }

    /** Refusal of a message that has waited too long. */
    static ProtocolException unavailable(Duration timeout) {
        return new ProtocolException(
                "topic unavailable",
                "NATS has not kept the message within " + timeout.toSeconds()
                        + " s (cluster.append_timeout); it may get there still",
                CloseCode.OVERLOAD);
    }

    /** NATS has confirmed it, and this node has read its place without it. */
    static ProtocolException missing() {
        return new ProtocolException(
                "topic unavailable",
                "NATS has confirmed the message, and has not sent it back in its place; other nodes may have got it",
                CloseCode.OVERLOAD);
    }
}
