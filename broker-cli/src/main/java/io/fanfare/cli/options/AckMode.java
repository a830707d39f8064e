package io.fanfare.cli.options;

import java.util.Locale;

/** The acknowledgements that a subscriber sends (STOMP 1.2, SUBSCRIBE ack Header). */
public enum AckMode {
    /** None. */
    AUTO,
    /** ACKs that cover all earlier messages. */
    CLIENT,
    /** One ACK for each message. */
    CLIENT_INDIVIDUAL;

    /** The header's value, such as {@code client-individual}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
