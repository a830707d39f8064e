package io.fanfare.queue;

import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import io.fanfare.frame.StompVersion;
import org.jspecify.annotations.Nullable;

/** How a subscription acknowledges (STOMP 1.2, SUBSCRIBE ack Header). */
public enum AckMode {
    AUTO,
    CLIENT,
    CLIENT_INDIVIDUAL;

    public static AckMode parse(@Nullable String header, StompVersion version) {
        if (header == null || header.equals("auto")) {
            return AUTO;
        }
        if (header.equals("client")) {
            return CLIENT;
        }
        if (header.equals("client-individual") && version != StompVersion.V1_0) {
            return CLIENT_INDIVIDUAL;
        }
        throw new ProtocolException(
                "invalid ack mode",
                "ack must be auto, client or" + (version == StompVersion.V1_0 ? " (from STOMP 1.1 on)" : "")
                        + " client-individual, not " + Printable.of(header));
    }
}
