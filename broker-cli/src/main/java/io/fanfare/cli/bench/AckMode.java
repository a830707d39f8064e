package io.fanfare.cli.bench;

import java.util.Locale;

/** How subscribers acknowledge (STOMP 1.2, SUBSCRIBE ack Header). */
enum AckMode {
    /** Not at all. */
    AUTO,
    /** One ACK for all that a read brought. */
    CLIENT,
    /** One ACK for each message. */
    CLIENT_INDIVIDUAL;

    /** The header's value, such as {@code client-individual}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
