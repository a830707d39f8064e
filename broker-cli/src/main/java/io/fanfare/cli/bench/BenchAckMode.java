package io.fanfare.cli.bench;

import java.util.Locale;

/** The acknowledgements that subscribers send (STOMP 1.2, SUBSCRIBE ack Header). */
enum BenchAckMode {
    /** None. */
    AUTO,
    /** One ACK for all messages of one read. */
    CLIENT,
    /** One ACK for each message. */
    CLIENT_INDIVIDUAL;

    /** The header's value, such as {@code client-individual}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
