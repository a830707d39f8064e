package io.fanfare.queue;

import io.fanfare.frame.Printable;
import io.fanfare.frame.ProtocolException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Acknowledgement mode of a subscription (STOMP 1.2, SUBSCRIBE ack Header). */
public enum AckMode {
    AUTO,
    CLIENT,
    CLIENT_INDIVIDUAL;

    /**
     * Reads the header; {@code client-individual} in 1.0 too, as other brokers do.
     *
     * @throws ProtocolException when it is none of the three
     */
    public static AckMode parse(@Nullable String header) {
        if (header == null || header.equals("auto")) {
            return AUTO;
        }
        if (header.equals("client")) {
            return CLIENT;
        }
        if (header.equals("client-individual")) {
            return CLIENT_INDIVIDUAL;
        }
        throw new ProtocolException(
                "invalid ack mode", "ack must be auto, client or client-individual, not " + Printable.of(header));
    }

    /** As the header says it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
