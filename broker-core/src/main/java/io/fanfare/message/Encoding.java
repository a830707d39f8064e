package io.fanfare.message;

import io.fanfare.compression.Compression;
import io.fanfare.frame.StompVersion;
import io.fanfare.loop.Framing;
import org.jspecify.annotations.Nullable;

/**
 * All that a MESSAGE's bytes depend on beside the message. Subscriptions with the same encoding share the bytes; most
 * browsers call their first subscription {@code sub-0}, so that is usually everybody.
 *
 * @param subscription the subscription's id; null: a 1.0 client that gave none, or one of events
 */
public record Encoding(
        StompVersion version,
        Framing framing,
        Compression compression,
        @Nullable String subscription) {

    /** The same for another subscription. */
    public Encoding of(@Nullable String other) {
        return new Encoding(version, framing, compression, other);
    }
}
